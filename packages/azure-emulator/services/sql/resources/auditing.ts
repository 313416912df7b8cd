import type { ResourceType } from "../../../control-plane/local-service";
import type { ArmBody, ArmResource, ResourceStore } from "../../../control-plane/resource";
import { armRules, refusal } from "../../../control-plane/rules/azure-rule";
import { serverType } from "./logical-servers";

const SPEC =
  "https://github.com/Azure/azure-rest-api-specs/blob/main/specification/sql/resource-manager/Microsoft.Sql/stable/2023-08-01/BlobAuditing.json";
const test = (title: string) => ["services/sql/auditing.itest.ts", title] as const;

export const auditingRules = armRules("Azure SQL: auditing", {
  target: {
    what: "A server's auditing that is enabled has a target: a storage account, or Azure Monitor.",
    source: `${SPEC} (state: "If state is Enabled, storageEndpoint or isAzureMonitorTargetEnabled are required")`,
    answer: { status: 400, code: "DataSecurityInvalidUserSuppliedParameter" },
    test: test("needs a target"),
  },
  groups: {
    what: "A server's auditing takes the published groups of actions only, and no single actions.",
    source: `${SPEC} (auditActionsAndGroups; error responses)`,
    answer: { status: 400, code: "InvalidBlobAuditActionsAndGroups" },
    test: test("takes groups that are published"),
  },
});

const auditingType = `${serverType}/auditingSettings`;
const { rules } = auditingRules;

/** The groups that the specification lists. */
const groups = new Set([
  "APPLICATION_ROLE_CHANGE_PASSWORD_GROUP",
  "BACKUP_RESTORE_GROUP",
  "BATCH_COMPLETED_GROUP",
  "BATCH_STARTED_GROUP",
  "DATABASE_CHANGE_GROUP",
  "DATABASE_LOGOUT_GROUP",
  "DATABASE_OBJECT_CHANGE_GROUP",
  "DATABASE_OBJECT_OWNERSHIP_CHANGE_GROUP",
  "DATABASE_OBJECT_PERMISSION_CHANGE_GROUP",
  "DATABASE_OPERATION_GROUP",
  "DATABASE_OWNERSHIP_CHANGE_GROUP",
  "DATABASE_PERMISSION_CHANGE_GROUP",
  "DATABASE_PRINCIPAL_CHANGE_GROUP",
  "DATABASE_PRINCIPAL_IMPERSONATION_GROUP",
  "DATABASE_ROLE_MEMBER_CHANGE_GROUP",
  "DBCC_GROUP",
  "FAILED_DATABASE_AUTHENTICATION_GROUP",
  "LEDGER_OPERATION_GROUP",
  "SCHEMA_OBJECT_ACCESS_GROUP",
  "SCHEMA_OBJECT_CHANGE_GROUP",
  "SCHEMA_OBJECT_OWNERSHIP_CHANGE_GROUP",
  "SCHEMA_OBJECT_PERMISSION_CHANGE_GROUP",
  "SUCCESSFUL_DATABASE_AUTHENTICATION_GROUP",
  "USER_CHANGE_PASSWORD_GROUP",
]);

/** What the portal and a PUT without groups choose: every statement, and every login. */
const usualGroups = [
  "SUCCESSFUL_DATABASE_AUTHENTICATION_GROUP",
  "FAILED_DATABASE_AUTHENTICATION_GROUP",
  "BATCH_COMPLETED_GROUP",
];

/** A server's auditing: it comes with the server, disabled, and nothing is recorded. */
export const auditingResourceType: ResourceType = {
  type: auditingType,
  put: async ({ body }) => audit(body),
};

function audit({ properties = {} }: ArmBody): ArmBody {
  const { state, storageEndpoint, isAzureMonitorTargetEnabled, auditActionsAndGroups } = properties;
  const asked = (auditActionsAndGroups ?? []) as readonly string[];
  const unknown = asked.find((group) => !groups.has(group.toUpperCase()));
  if (unknown !== undefined)
    throw refusal(
      rules.groups,
      `Invalid audit actions or action groups: '${unknown}' of 'properties.auditActionsAndGroups'.`,
    );
  const isEnabled = state === "Enabled";
  if (isEnabled && !storageEndpoint && isAzureMonitorTargetEnabled !== true)
    throw refusal(
      rules.target,
      "An invalid parameter value was provided by the client: 'properties.storageEndpoint' or 'properties.isAzureMonitorTargetEnabled' is required if 'properties.state' is Enabled.",
    );
  const auditActions = asked.length > 0 || !isEnabled ? asked : usualGroups;
  return { properties: { ...disabled, ...properties, auditActionsAndGroups: auditActions } };
}

/** What a new server has (BlobAuditing.json and its examples). */
const disabled = {
  state: "Disabled",
  auditActionsAndGroups: [],
  isAzureMonitorTargetEnabled: false,
  isManagedIdentityInUse: false,
  isStorageSecondaryKeyInUse: false,
  retentionDays: 0,
  storageAccountSubscriptionId: "00000000-0000-0000-0000-000000000000",
};

/** Adds the auditing of a new server, and of one that an earlier version stored. */
export async function addAuditing(
  resources: Pick<ResourceStore, "get" | "set">,
  { id, systemData }: ArmResource,
): Promise<void> {
  const child = `${id}/auditingSettings/default`;
  if (resources.get(child) !== undefined) return;
  await resources.set({
    id: child,
    type: auditingType,
    name: "default",
    ...(systemData && { systemData }),
    properties: disabled,
  });
}
