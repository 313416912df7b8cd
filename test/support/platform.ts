import { dirname } from "node:path";
import { pipelineStarterActions } from "../../infra/existing/kinds";
import type { DeployingEmulator } from "../../local/commands/bring-up";
import { stableGuid } from "../../packages/kit/stable-guid";

/** What a platform has, by the member of the setting `existing`. */
type Brought =
  | "resourceGroup"
  | "automationAccount"
  | "sqlServer"
  | "elasticPool"
  | "logAnalyticsWorkspace"
  | "keyVault"
  | "functionIdentity"
  | "pipelineStarterRole";

/** What a platform team has made before any tenant is deployed, in a resource group of its own. */
export interface Platform {
  /** The setting `existing` that names all of it. */
  readonly existing: Readonly<Record<Brought, string>>;
  readonly group: string;
  put(id: string, body: object): Promise<void>;
}

/** Where a platform is, and how it is reached. */
export interface PlatformPlace {
  /** The resource group of the tenants; it exists, too. */
  readonly groupOf?: string;
  readonly location?: string;
  /** What tells its names from another platform's, such as `-two`. */
  readonly suffix?: string;
  /** True if server and vault are reached through private endpoints only. */
  readonly isClosed?: boolean;
  /** Object id of the server's administrator, by default the deployer. */
  readonly administrator?: string;
}

const platformGroup = (subscriptionId: string, suffix: string) =>
  `/subscriptions/${subscriptionId}/resourceGroups/rg-platform${suffix}`;

/** The setting `existing` that names all of a platform. */
export function platformIds(
  subscriptionId: string,
  suffix = "",
  resourceGroup = "rg-tenants",
): Platform["existing"] {
  const of = (path: string) => `${platformGroup(subscriptionId, suffix)}/providers/${path}`;
  return {
    resourceGroup,
    automationAccount: of(`Microsoft.Automation/automationAccounts/aa-platform${suffix}`),
    sqlServer: of(`Microsoft.Sql/servers/sql-platform${suffix}`),
    elasticPool: of(`Microsoft.Sql/servers/sql-platform${suffix}/elasticPools/pool`),
    logAnalyticsWorkspace: of(`Microsoft.OperationalInsights/workspaces/log-platform${suffix}`),
    keyVault: of(`Microsoft.KeyVault/vaults/kv-platform${suffix}`),
    functionIdentity: of(`Microsoft.ManagedIdentity/userAssignedIdentities/id-platform${suffix}`),
    pipelineStarterRole: of(`Microsoft.Authorization/roleDefinitions/${stableGuid(`starter${suffix}`)}`),
  };
}

export async function makePlatform(
  { azure }: Pick<DeployingEmulator, "azure">,
  {
    groupOf = "rg-tenants",
    location = "westeurope",
    suffix = "",
    isClosed = false,
    administrator,
  }: PlatformPlace = {},
): Promise<Platform> {
  const { context, controlPlane } = azure;
  const { principals, tenantId, subscriptionId } = context;
  const under = `/subscriptions/${subscriptionId}/resourceGroups`;
  const group = platformGroup(subscriptionId, suffix);
  const put = async (id: string, body: object) => {
    await controlPlane.put(id, body, principals.deployer);
  };
  const { clientId, objectId } = principals.deployer;
  const network = { publicNetworkAccess: isClosed ? "Disabled" : "Enabled" };
  const existing = platformIds(subscriptionId, suffix, groupOf);
  await put(group, { location });
  await put(`${under}/${groupOf}`, { location, tags: { owner: "platform" } });
  await put(existing.automationAccount, {
    location,
    identity: { type: "SystemAssigned" },
    properties: { sku: { name: "Basic" }, publicNetworkAccess: true },
  });
  await put(existing.sqlServer, {
    location,
    properties: {
      version: "12.0",
      ...network,
      minimalTlsVersion: "1.2",
      administrators: {
        administratorType: "ActiveDirectory",
        azureADOnlyAuthentication: true,
        principalType: "Application",
        login: `deployer-${clientId}`,
        sid: administrator ?? objectId,
        tenantId,
      },
    },
  });
  if (!isClosed) await openServer(existing.sqlServer, put);
  await put(existing.elasticPool, { location, sku: { name: "GP_Gen5", capacity: 2 } });
  await put(existing.logAnalyticsWorkspace, { location, properties: { sku: { name: "PerGB2018" } } });
  await put(existing.keyVault, {
    location,
    properties: {
      tenantId,
      ...network,
      sku: { family: "A", name: "standard" },
      enableRbacAuthorization: true,
      enableSoftDelete: true,
    },
  });
  await put(existing.functionIdentity, { location });
  await put(existing.pipelineStarterRole, {
    properties: {
      roleName: `Start pipelines${suffix}`,
      type: "CustomRole",
      permissions: [{ actions: [...pipelineStarterActions], notActions: [] }],
      assignableScopes: [dirname(group).replace(/\/resourceGroups$/, "")],
    },
  });
  // It was made long ago: a new role is not known to its first readers.
  while ((await controlPlane.get(existing.pipelineStarterRole, principals.deployer)) === undefined);
  return { existing, group, put };
}

/** The server's firewall as a platform team has it: Azure's services, and the addresses from which deployments run. */
async function openServer(server: string, put: Platform["put"]): Promise<void> {
  for (const [name, startIpAddress, endIpAddress] of [
    ["AllowAllWindowsAzureIps", "0.0.0.0", "0.0.0.0"],
    ["platform", "0.0.0.0", "255.255.255.255"],
  ])
    await put(`${server}/firewallRules/${name}`, { properties: { startIpAddress, endIpAddress } });
}
