/** The permissions of a role definition; `*` stands for any text, also across slashes. */
export interface RolePermissions {
  readonly actions: readonly string[];
  readonly notActions: readonly string[];
  readonly dataActions: readonly string[];
  readonly notDataActions: readonly string[];
}

export interface RoleDefinition extends RolePermissions {
  readonly id: string;
  readonly roleName: string;
}

function role(id: string, roleName: string, permissions: Partial<RolePermissions>): RoleDefinition {
  return { id, roleName, actions: [], notActions: [], dataActions: [], notDataActions: [], ...permissions };
}

const BLOB = "Microsoft.Storage/storageAccounts/blobServices";
const READ_AND_ALERT = [
  "Microsoft.Authorization/*/read",
  "Microsoft.Insights/alertRules/*",
  "Microsoft.ResourceHealth/availabilityStatuses/read",
  "Microsoft.Resources/deployments/*",
  "Microsoft.Resources/subscriptions/resourceGroups/read",
];

/** What the administrators of a vault's content may see of the vaults themselves. */
const SEE_VAULTS = [
  ...READ_AND_ALERT,
  "Microsoft.KeyVault/checkNameAvailability/read",
  "Microsoft.KeyVault/deletedVaults/read",
  "Microsoft.KeyVault/locations/*/read",
  "Microsoft.KeyVault/vaults/*/read",
  "Microsoft.KeyVault/operations/read",
];

/**
 * The built-in roles that the emulator knows, with Azure's own ids and permissions (learn.microsoft.com, "Azure built-in roles").
 * Add any other built-in role here before you assign it.
 */
export const builtInRoles: readonly RoleDefinition[] = [
  role("8e3af657-a8ff-443c-a75c-2fe8c4bcb635", "Owner", { actions: ["*"] }),
  role("b24988ac-6180-42a0-ab88-20f7382dd24c", "Contributor", {
    actions: ["*"],
    notActions: [
      "Microsoft.Authorization/*/Delete",
      "Microsoft.Authorization/*/Write",
      "Microsoft.Authorization/elevateAccess/Action",
      "Microsoft.Blueprint/blueprintAssignments/write",
      "Microsoft.Blueprint/blueprintAssignments/delete",
      "Microsoft.Compute/galleries/share/action",
      "Microsoft.Purview/consents/write",
      "Microsoft.Purview/consents/delete",
      "Microsoft.Resources/deploymentStacks/manageDenySetting/action",
    ],
  }),
  role("acdd72a7-3385-48ef-bd42-f606fba81ae7", "Reader", { actions: ["*/read"] }),
  role("4d97b98b-1d4f-4787-a291-c67834d212e7", "Network Contributor", {
    actions: [...READ_AND_ALERT, "Microsoft.Network/*", "Microsoft.Support/*"],
  }),
  role("b12aa53e-6015-4669-85d0-8515ebb3ae7f", "Private DNS Zone Contributor", {
    actions: [...READ_AND_ALERT, "Microsoft.Network/privateDnsZones/*", "Microsoft.Support/*"],
  }),
  role("18d7d88d-d35e-4fb5-a5c3-7773c20a72d9", "User Access Administrator", {
    actions: ["*/read", "Microsoft.Authorization/*", "Microsoft.Support/*"],
  }),
  role("f58310d9-a9f6-439a-9e8d-f62e7b41a168", "Role Based Access Control Administrator", {
    actions: [
      "Microsoft.Authorization/roleAssignments/write",
      "Microsoft.Authorization/roleAssignments/delete",
      "*/read",
      "Microsoft.Support/*",
    ],
  }),
  role("00482a5a-887f-4fb3-b363-3b7fe8e74483", "Key Vault Administrator", {
    actions: SEE_VAULTS,
    dataActions: ["Microsoft.KeyVault/vaults/*"],
  }),
  role("b86a8fe4-44ce-4948-aee5-eccb2c155cd7", "Key Vault Secrets Officer", {
    actions: SEE_VAULTS,
    dataActions: ["Microsoft.KeyVault/vaults/secrets/*"],
  }),
  role("4633458b-17de-408a-b874-0445c86b69e6", "Key Vault Secrets User", {
    dataActions: [
      "Microsoft.KeyVault/vaults/secrets/getSecret/action",
      "Microsoft.KeyVault/vaults/secrets/readMetadata/action",
    ],
  }),
  role("14b46e9e-c2b7-41b4-b07b-48a6ebf60603", "Key Vault Crypto Officer", {
    actions: SEE_VAULTS,
    dataActions: ["Microsoft.KeyVault/vaults/keys/*", "Microsoft.KeyVault/vaults/keyrotationpolicies/*"],
  }),
  role("12338af0-0e69-4776-bea7-57ae8d297424", "Key Vault Crypto User", {
    dataActions: [
      "Microsoft.KeyVault/vaults/keys/read",
      "Microsoft.KeyVault/vaults/keys/update/action",
      "Microsoft.KeyVault/vaults/keys/backup/action",
      "Microsoft.KeyVault/vaults/keys/encrypt/action",
      "Microsoft.KeyVault/vaults/keys/decrypt/action",
      "Microsoft.KeyVault/vaults/keys/wrap/action",
      "Microsoft.KeyVault/vaults/keys/unwrap/action",
      "Microsoft.KeyVault/vaults/keys/sign/action",
      "Microsoft.KeyVault/vaults/keys/verify/action",
    ],
  }),
  role("b7e6dc6d-f1e8-4753-8033-0f276bb0955b", "Storage Blob Data Owner", {
    actions: [`${BLOB}/containers/*`, `${BLOB}/generateUserDelegationKey/action`],
    dataActions: [`${BLOB}/containers/blobs/*`],
  }),
  role("ba92f5b4-2d11-453d-a403-e96b0029c9fe", "Storage Blob Data Contributor", {
    actions: [
      `${BLOB}/containers/delete`,
      `${BLOB}/containers/read`,
      `${BLOB}/containers/write`,
      `${BLOB}/generateUserDelegationKey/action`,
    ],
    dataActions: [
      `${BLOB}/containers/blobs/delete`,
      `${BLOB}/containers/blobs/read`,
      `${BLOB}/containers/blobs/write`,
      `${BLOB}/containers/blobs/move/action`,
      `${BLOB}/containers/blobs/add/action`,
    ],
  }),
  role("2a2b9908-6ea1-4ae2-8e65-a410df84e7d1", "Storage Blob Data Reader", {
    actions: [`${BLOB}/containers/read`, `${BLOB}/generateUserDelegationKey/action`],
    dataActions: [`${BLOB}/containers/blobs/read`],
  }),
  role("974c5e8b-45b9-4653-ba55-5f855dd0fb88", "Storage Queue Data Contributor", {
    actions: ["delete", "read", "write"].map(
      (verb) => `Microsoft.Storage/storageAccounts/queueServices/queues/${verb}`,
    ),
    dataActions: ["delete", "read", "write", "process/action"].map(
      (verb) => `Microsoft.Storage/storageAccounts/queueServices/queues/messages/${verb}`,
    ),
  }),
  role("0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3", "Storage Table Data Contributor", {
    actions: ["delete", "read", "write"].map(
      (verb) => `Microsoft.Storage/storageAccounts/tableServices/tables/${verb}`,
    ),
    dataActions: ["delete", "read", "write", "add/action", "update/action"].map(
      (verb) => `Microsoft.Storage/storageAccounts/tableServices/tables/entities/${verb}`,
    ),
  }),
  role("3913510d-42f4-4e42-8a64-420c390055eb", "Monitoring Metrics Publisher", {
    actions: [
      "Microsoft.Insights/Register/Action",
      "Microsoft.Support/*",
      "Microsoft.Resources/subscriptions/resourceGroups/read",
    ],
    dataActions: ["Microsoft.Insights/Metrics/Write", "Microsoft.Insights/Telemetry/Write"],
  }),
  role("673868aa-7521-48a0-acc6-0f60742d39f5", "Data Factory Contributor", {
    actions: [
      ...READ_AND_ALERT,
      "Microsoft.DataFactory/dataFactories/*",
      "Microsoft.DataFactory/factories/*",
      "Microsoft.Support/*",
      "Microsoft.EventGrid/eventSubscriptions/write",
    ],
  }),
  role("de139f84-1756-47ae-9be6-808fbbe84772", "Website Contributor", {
    actions: [
      ...READ_AND_ALERT,
      "Microsoft.Insights/components/*",
      "Microsoft.Support/*",
      "Microsoft.Web/certificates/*",
      "Microsoft.Web/listSitesAssignedToHostName/read",
      "Microsoft.Web/serverFarms/join/action",
      "Microsoft.Web/serverFarms/read",
      "Microsoft.Web/sites/*",
    ],
  }),
  role("f353d9bd-d4a6-484e-a77a-8050b599b867", "Automation Contributor", {
    actions: [...READ_AND_ALERT, "Microsoft.Automation/automationAccounts/*", "Microsoft.Support/*"],
  }),
];
