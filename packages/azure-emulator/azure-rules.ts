import { assignmentConditionRules } from "./control-plane/assignment-condition";
import { audienceRules } from "./control-plane/audiences";
import { apiVersionRules } from "./control-plane/body-check/api-version";
import { bodyRules } from "./control-plane/body-check/body-rules";
import { locationRules } from "./control-plane/body-check/locations";
import { nameRules } from "./control-plane/body-check/names";
import { tagRules } from "./control-plane/body-check/tags";
import { conditionRules } from "./control-plane/conditions";
import { customRoleRules } from "./control-plane/custom-roles";
import { deletionRules } from "./control-plane/deletion-rules";
import { freshRoleRules } from "./control-plane/fresh-roles";
import { linkedRules } from "./control-plane/linked-access";
import { listRules } from "./control-plane/odata/list-query";
import { changeRules } from "./control-plane/operation-locks";
import { operationRules } from "./control-plane/operations";
import { policyRules } from "./control-plane/policy/govern";
import { providerRules } from "./control-plane/provider-registry";
import { roleDelayRules } from "./control-plane/role-delay";
import type { RuleArea } from "./control-plane/rules/azure-rule";
import { statusRules } from "./control-plane/status-rules";
import { automationLimitRules } from "./services/automation/resources/automation-limits";
import { webhookRules } from "./services/automation/resources/webhooks";
import { dataFactoryRules } from "./services/data-factory/data-factory-rules";
import { vaultNetworkRules } from "./services/key-vault/data-plane/network-access";
import { keyVaultRules } from "./services/key-vault/key-vault-rules";
import { managedNetworkRules } from "./services/network/managed-endpoints";
import { networkRules } from "./services/network/network-rules";
import { budgetRules } from "./services/passive/budgets";
import { monitoringRules } from "./services/passive/monitoring";
import { administratorRules } from "./services/sql/resources/administrators";
import { auditingRules } from "./services/sql/resources/auditing";
import { createModeRules } from "./services/sql/resources/create-mode";
import { databaseSizeRules } from "./services/sql/resources/database-size";
import { elasticPoolRules } from "./services/sql/resources/elastic-pools";
import { sqlNetworkRules } from "./services/sql/session/network-access";
import { sqlRules } from "./services/sql/sql-rules";
import { storageNetworkRules } from "./services/storage/data-plane/network-access";
import { storageRules } from "./services/storage/storage-rules";
import { deploymentRules } from "./services/web/data-plane/scm-api";
import { siteConfigRules } from "./services/web/resources/app-settings";
import { flexSiteRules } from "./services/web/resources/flex-site";
import { serverFarmRules } from "./services/web/resources/server-farm";
import { siteRules } from "./services/web/resources/site";
import { siteAccessRules } from "./services/web/resources/site-access";
import { siteIntegrationRules } from "./services/web/resources/site-integration";
import { webConfigRules } from "./services/web/resources/web-config";
import { keyRules } from "./services/web/rest/key-routes";

/** Every rule of Azure that the emulator enforces, in the order of docs/azure-rules.md. A service adds its own file of rules here. */
export const azureRules: readonly RuleArea[] = [
  apiVersionRules,
  bodyRules,
  nameRules,
  locationRules,
  tagRules,
  conditionRules,
  listRules,
  providerRules,
  policyRules,
  automationLimitRules,
  webhookRules,
  operationRules,
  changeRules,
  deletionRules,
  audienceRules,
  roleDelayRules,
  linkedRules,
  freshRoleRules,
  assignmentConditionRules,
  customRoleRules,
  statusRules,
  siteConfigRules,
  webConfigRules,
  keyRules,
  serverFarmRules,
  siteRules,
  flexSiteRules,
  siteIntegrationRules,
  siteAccessRules,
  dataFactoryRules,
  networkRules,
  managedNetworkRules,
  deploymentRules,
  keyVaultRules,
  vaultNetworkRules,
  storageRules,
  storageNetworkRules,
  sqlRules,
  sqlNetworkRules,
  createModeRules,
  databaseSizeRules,
  elasticPoolRules,
  administratorRules,
  auditingRules,
  budgetRules,
  monitoringRules,
];
