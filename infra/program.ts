import * as authorization from "@pulumi/azure-native/authorization";
import * as resources from "@pulumi/azure-native/resources";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { packageFunction } from "../functions/build";
import { Automation } from "./automation";
import { readTenantConfig } from "./config";
import { DataFactory } from "./data-factory";
import { migrateDatabase } from "./database";
import { FunctionApp } from "./function-app";
import { functionIdentity } from "./function-identity";
import { KeyVault } from "./key-vault";
import { Monitoring } from "./monitoring";
import { resourceNames } from "./naming";
import { observe } from "./observability";
import { type TenantEnvironment, tenantOutputs } from "./outputs";
import type { Placement } from "./placement";
import { leavePolicyTags } from "./policy-tags";
import { refuseOtherClouds } from "./public-cloud";
import { Roles } from "./roles";
import { liveGenerations } from "./rotation";
import { Sql } from "./sql";
import { nameOf } from "./steady";
import { Step } from "./steps/step";
import { Storage } from "./storage";
import { readDefinitions } from "./studio-files";
import { repoConfiguration } from "./studio-repository";
import { Triggers } from "./triggers";

/** Deploys one tenant's environment: the stack is the tenant. Keeps nothing between two calls in one process. */
export async function deployTenant() {
  refuseOtherClouds(pulumi.runtime.allConfig(), process.env);
  const config = readTenantConfig();
  const now = new Date();
  const definitions = readDefinitions();
  const [client, functionPackage] = await Promise.all([authorization.getClientConfig(), packageFunction()]);
  const { location, protect, datasets, unknownDatasets, retention } = config;
  const { tenantId, subscriptionId } = client;
  const stack = pulumi.getStack();
  leavePolicyTags(config.policyTags);
  const tags = { ...config.tags, project: "quantemplate", tenant: stack };

  const suffix = new random.RandomString("suffix", {
    length: 6,
    upper: false,
    special: false,
    keepers: { salt: config.deploymentSalt },
  });
  const names = suffix.result.apply((text) => resourceNames({ stack, location, suffix: text }));

  const placed = new Step("placement", "placement", { location, salt: config.deploymentSalt });
  const group = new resources.ResourceGroup(
    "group",
    { resourceGroupName: names.resourceGroup, location, tags },
    // It refuses a move before anything is touched.
    { dependsOn: [placed] },
  );
  const place: Placement = { resourceGroupName: nameOf(group, names.resourceGroup), location, tags };

  const monitoring = new Monitoring("monitoring", {
    ...place,
    workspaceName: names.workspace,
    applicationInsightsName: names.applicationInsights,
    actionGroupName: names.actionGroup,
    alertEmail: config.alertEmail,
  });
  const keyVault = new KeyVault("key-vault", {
    ...place,
    vaultName: names.keyVault,
    tenantId,
    clientId: config.clientId,
    clientSecret: config.clientSecret,
    protect,
  });
  const storage = new Storage("storage", { ...place, accountName: names.storageAccount });
  const sql = new Sql("sql", {
    ...place,
    serverName: names.sqlServer,
    tenantId,
    admin: config.sqlAdmin,
    sizing: config.sql,
    protect,
  });
  const appIdentity = functionIdentity("function-identity", {
    ...place,
    resourceName: names.functionIdentity,
  });

  const dataFactory = new DataFactory("data-factory", {
    ...place,
    factoryName: names.dataFactory,
    definitions,
    repository: config.studio && repoConfiguration(config.studio, tenantId),
    globalParameters: {
      qtApiUrl: config.apiUrl,
      qtTokenUrl: config.tokenUrl,
      qtOrganisationId: config.organisationId,
      qtClientId: config.clientId,
      qtSecretUrl: keyVault.secretUrl,
      sqlServer: sql.host,
      sqlDatabase: sql.databaseName,
    },
  });
  const factoryIdentity = new Step("data-factory-client-id", "identity-client-id", {
    resourceId: dataFactory.factory.id,
    principalId: dataFactory.principalId,
  });
  const migration = migrateDatabase("database-migration", {
    sql,
    datasets,
    unknownDatasets,
    retention,
    users: [
      { name: names.dataFactory, clientId: factoryIdentity.result.clientId, role: "loader" },
      { name: names.functionIdentity, clientId: appIdentity.clientId, role: "reader" },
    ],
  });

  const automation = new Automation("automation", {
    ...place,
    accountName: names.automationAccount,
    tenantId,
    subscriptionId,
    factoryName: dataFactory.factoryName,
    datasets,
    unknownDatasets,
    waitForEnd: config.runbook.waitForEnd,
    credential: config.runbook.credential,
    webhookGenerations: liveGenerations(config.rotation.webhook, now),
    webhookExpiry: config.webhookExpiry,
  });
  const roles = new Roles("roles", {
    subscriptionId,
    resourceGroupId: group.id,
    pipelineStarterName: names.pipelineStarterRole,
    starterPrincipalId: config.runbook.credential?.objectId ?? automation.principalId,
    automationId: automation.account.id,
    factoryId: dataFactory.factory.id,
    factoryPrincipalId: dataFactory.principalId,
    secretId: keyVault.secretId,
    functionPrincipalId: appIdentity.principalId,
    storageAccountId: storage.account.id,
    applicationInsightsId: monitoring.applicationInsights.id,
  });
  const functionApp = new FunctionApp("function-app", {
    ...place,
    appName: names.functionApp,
    planName: names.plan,
    identity: appIdentity,
    packageContainerUrl: storage.packageContainerUrl,
    sizing: config.function,
    packageHash: functionPackage.sha256,
    settings: {
      storageAccountName: storage.accountName,
      applicationInsightsConnectionString: monitoring.connectionString,
      sqlServer: sql.host,
      sqlDatabase: sql.databaseName,
      tokenUrl: config.tokenUrl,
    },
    after: roles.forFunction,
    keyGenerations: liveGenerations(config.rotation.functionKey, now),
  });
  // A scheduled run needs the database, the secret and the rights.
  new Triggers("triggers", {
    ...place,
    dataFactory,
    definitions,
    reconcile: config.reconcile,
    webhookAddress: automation.webhookAddress,
    after: [migration, roles],
  });

  const environment: TenantEnvironment = { group, keyVault, sql, dataFactory, automation, functionApp };
  observe(environment, monitoring, config, place);
  return tenantOutputs(environment, tenantId);
}
