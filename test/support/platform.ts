import { dirname } from "node:path";
import { pipelineStarterActions } from "../../infra/existing/kinds";
import type { ExistingSettings } from "../../infra/existing/schema";
import type { DeployingEmulator } from "../../local/commands/bring-up";
import { stableGuid } from "../../packages/kit/stable-guid";

/** What a platform team has made before any tenant is deployed, in a resource group of its own. */
export interface Platform {
  /** The setting `existing` that names all of it. */
  readonly existing: ExistingSettings & { readonly resourceGroup: string };
  readonly group: string;
  put(id: string, body: object): Promise<void>;
}

const location = "westeurope";

/** @param groupOf The resource group of the tenants; it exists, too. */
export async function makePlatform({ azure }: DeployingEmulator, groupOf = "rg-tenants"): Promise<Platform> {
  const { context, controlPlane } = azure;
  const { principals, tenantId, subscriptionId } = context;
  const under = `/subscriptions/${subscriptionId}/resourceGroups`;
  const group = `${under}/rg-platform`;
  const of = (path: string) => `${group}/providers/${path}`;
  const put = async (id: string, body: object) => {
    await controlPlane.put(id, body, principals.deployer);
  };
  const { clientId, objectId } = principals.deployer;
  const existing = {
    resourceGroup: groupOf,
    automationAccount: of("Microsoft.Automation/automationAccounts/aa-platform"),
    sqlServer: of("Microsoft.Sql/servers/sql-platform"),
    elasticPool: of("Microsoft.Sql/servers/sql-platform/elasticPools/pool"),
    logAnalyticsWorkspace: of("Microsoft.OperationalInsights/workspaces/log-platform"),
    keyVault: of("Microsoft.KeyVault/vaults/kv-platform"),
    functionIdentity: of("Microsoft.ManagedIdentity/userAssignedIdentities/id-platform"),
    pipelineStarterRole: `${group}/providers/Microsoft.Authorization/roleDefinitions/${stableGuid("starter")}`,
  };
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
      minimalTlsVersion: "1.2",
      administrators: {
        administratorType: "ActiveDirectory",
        azureADOnlyAuthentication: true,
        principalType: "Application",
        login: `deployer-${clientId}`,
        sid: objectId,
        tenantId,
      },
    },
  });
  await put(existing.elasticPool, { location, sku: { name: "GP_Gen5", capacity: 2 } });
  const everywhere = { startIpAddress: "0.0.0.0", endIpAddress: "255.255.255.255" };
  await put(`${existing.sqlServer}/firewallRules/AllowAllWindowsAzureIps`, {
    properties: { startIpAddress: "0.0.0.0", endIpAddress: "0.0.0.0" },
  });
  await put(`${existing.sqlServer}/firewallRules/platform`, { properties: everywhere });
  await put(existing.logAnalyticsWorkspace, { location, properties: { sku: { name: "PerGB2018" } } });
  await put(existing.keyVault, {
    location,
    properties: {
      tenantId,
      sku: { family: "A", name: "standard" },
      enableRbacAuthorization: true,
      enableSoftDelete: true,
    },
  });
  await put(existing.functionIdentity, { location });
  await put(existing.pipelineStarterRole, {
    properties: {
      roleName: "Start pipelines",
      type: "CustomRole",
      permissions: [{ actions: [...pipelineStarterActions], notActions: [] }],
      assignableScopes: [dirname(group).replace(/\/resourceGroups$/, "")],
    },
  });
  // It was made long ago: a new role is not known to its first readers.
  while ((await controlPlane.get(existing.pipelineStarterRole, principals.deployer)) === undefined);
  return { existing, group, put };
}
