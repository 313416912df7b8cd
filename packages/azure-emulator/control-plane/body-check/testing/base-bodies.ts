import type { JsonObject } from "../../../../kit/json-object";
import { copyOrders } from "../../../services/data-factory/testing/definitions";
import type { TestEmulator } from "../../testing/test-emulator";

/** A resource that every service takes, in the order in which they can be made. */
export interface BaseResource {
  readonly type: string;
  readonly id: string;
  readonly body: JsonObject;
  /** Paths at which a service decides more than the type's shape does. */
  readonly leaves: readonly string[];
}

const location = "westeurope";
const READER = "acdd72a7-3385-48ef-bd42-f606fba81ae7";
const EVERYWHERE = ["location", "identity", "extendedLocation", "zones", "eTag", "managedBy"];

/** One resource of each served type. */
export function baseResources({ context, group }: TestEmulator): BaseResource[] {
  const resources: BaseResource[] = [];
  const add = (type: string, path: string, body: JsonObject, leaves: readonly string[] = []): string => {
    const id = path.startsWith("/") ? path : `${group}/providers/${path}`;
    resources.push({ type, id, body, leaves: [...EVERYWHERE, ...leaves] });
    return id;
  };
  const extension = (
    scope: string,
    type: string,
    name: string,
    body: JsonObject,
    leaves?: readonly string[],
  ) => add(type, `${scope}/providers/${type}/${name}`, body, leaves);
  const child = (parent: string, type: string, name: string, body: JsonObject, leaves?: readonly string[]) =>
    add(type, `${parent}/${type.split("/").at(-1)}/${name}`, body, leaves);

  add("Microsoft.Resources/resourceGroups", `${group}-fuzz`, { location });
  add(
    "Microsoft.ManagedIdentity/userAssignedIdentities",
    "Microsoft.ManagedIdentity/userAssignedIdentities/fuzz",
    {
      location,
    },
  );
  extension(
    group,
    "Microsoft.Authorization/roleDefinitions",
    "11111111-2222-4333-8444-555555555555",
    { properties: { roleName: "Fuzz", permissions: [{ actions: ["*/read"] }], assignableScopes: [group] } },
    ["properties.permissions", "properties.roleName", "properties.type"],
  );
  extension(
    group,
    "Microsoft.Authorization/roleAssignments",
    "11111111-2222-4333-8444-555555555556",
    {
      properties: {
        principalId: context.principals.deployer.objectId,
        principalType: "ServicePrincipal",
        roleDefinitionId: `/subscriptions/${context.subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/${READER}`,
      },
    },
    ["properties.principalType", "properties.delegatedManagedIdentityResourceId", "properties.condition"],
  );
  addVault(add, child, context.tenantId);
  addStorage(add);
  addMonitoring(add, extension, group);
  addSql(add, child);
  addFactory(add, child);
  addNetwork(add, child);
  addAutomation(add, child);
  addWeb(add, child, group);
  return resources;
}

type Add = (type: string, path: string, body: JsonObject, leaves?: readonly string[]) => string;
type Child = (
  parent: string,
  type: string,
  name: string,
  body: JsonObject,
  leaves?: readonly string[],
) => string;

function addVault(add: Add, child: Child, tenantId: string): void {
  const vault = add(
    "Microsoft.KeyVault/vaults",
    "Microsoft.KeyVault/vaults/kv-fuzz",
    {
      location,
      properties: { tenantId, sku: { family: "A", name: "standard" }, enableRbacAuthorization: true },
    },
    [
      "properties.createMode",
      "properties.enablePurgeProtection",
      "properties.enableSoftDelete",
      "properties.softDeleteRetentionInDays",
      "properties.vaultUri",
    ],
  );
  child(vault, "Microsoft.KeyVault/vaults/secrets", "word", { properties: { value: "x" } }, [
    "properties.attributes",
  ]);
}

function addStorage(add: Add): void {
  const account = add("Microsoft.Storage/storageAccounts", "Microsoft.Storage/storageAccounts/storefuzz", {
    location,
    kind: "StorageV2",
    sku: { name: "Standard_LRS" },
  });
  add(
    "Microsoft.Storage/storageAccounts/blobServices/containers",
    `${account}/blobServices/default/containers/box`,
    {},
  );
}

function addMonitoring(add: Add, extension: Child, group: string): void {
  const workspace = add(
    "Microsoft.OperationalInsights/workspaces",
    "Microsoft.OperationalInsights/workspaces/logs",
    { location },
  );
  add("Microsoft.Insights/components", "Microsoft.Insights/components/insights", {
    location,
    kind: "web",
    properties: { Application_Type: "web" },
  });
  extension(workspace, "Microsoft.Insights/diagnosticSettings", "all", {
    properties: { workspaceId: workspace },
  });
  add("Microsoft.Insights/actionGroups", "Microsoft.Insights/actionGroups/people", {
    location: "global",
    properties: { enabled: true, groupShortName: "people" },
  });
  add("Microsoft.Insights/metricAlerts", "Microsoft.Insights/metricAlerts/failed", {
    location: "global",
    properties: {
      severity: 1,
      enabled: true,
      scopes: [group],
      evaluationFrequency: "PT5M",
      windowSize: "PT15M",
      criteria: {
        "odata.type": "Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria",
        allOf: [
          {
            criterionType: "StaticThresholdCriterion",
            name: "failed",
            metricName: "PipelineFailedRuns",
            operator: "GreaterThan",
            threshold: 0,
            timeAggregation: "Total",
          },
        ],
      },
    },
  });
  add(
    "Microsoft.Insights/scheduledQueryRules",
    "Microsoft.Insights/scheduledQueryRules/missing",
    {
      location,
      properties: {
        enabled: true,
        scopes: [workspace],
        evaluationFrequency: "PT5M",
        windowSize: "PT5M",
        criteria: { allOf: [{ query: "x", operator: "Equals" }] },
      },
    },
    ["properties.overrideQueryTimeRange", "properties.muteActionsDuration", "properties.criteria"],
  );
  extension(group, "Microsoft.Consumption/budgets", "month", {
    properties: {
      amount: 1.5,
      category: "Cost",
      timeGrain: "Monthly",
      timePeriod: { startDate: `${new Date().toISOString().slice(0, 7)}-01T00:00:00Z` },
    },
  });
}

function addSql(add: Add, child: Child): void {
  const server = add(
    "Microsoft.Sql/servers",
    "Microsoft.Sql/servers/sql-fuzz",
    { location, properties: { administratorLogin: "admin1", administratorLoginPassword: "Secret-1234" } },
    ["properties.administrators"],
  );
  const database = child(server, "Microsoft.Sql/servers/databases", "main", { location }, [
    "sku",
    "properties.createMode",
    "properties.elasticPoolId",
  ]);
  child(server, "Microsoft.Sql/servers/elasticPools", "pool", { location }, [
    "sku",
    "properties.maxSizeBytes",
  ]);
  child(server, "Microsoft.Sql/servers/firewallRules", "all", {
    properties: { startIpAddress: "0.0.0.0", endIpAddress: "0.0.0.0" },
  });
  child(server, "Microsoft.Sql/servers/administrators", "ActiveDirectory", {
    properties: { login: "DBAs", sid: "00000000-0000-0000-0000-00000000ad31" },
  });
  child(server, "Microsoft.Sql/servers/auditingSettings", "default", { properties: { state: "Disabled" } }, [
    "properties.auditActionsAndGroups",
  ]);
  child(server, "Microsoft.Sql/servers/azureADOnlyAuthentications", "Default", {
    properties: { azureADOnlyAuthentication: false },
  });
  child(server, "Microsoft.Sql/servers/securityAlertPolicies", "Default", {
    properties: { state: "Disabled" },
  });
  child(database, "Microsoft.Sql/servers/databases/backupShortTermRetentionPolicies", "default", {
    properties: { retentionDays: 7 },
  });
}

function addFactory(add: Add, child: Child): void {
  const { objects, globalParameters } = copyOrders("https://127.0.0.1:1");
  const factory = add(
    "Microsoft.DataFactory/factories",
    "Microsoft.DataFactory/factories/adf-fuzz",
    {
      location,
      properties: {
        globalParameters: Object.fromEntries(
          Object.entries(globalParameters).map(([name, value]) => [name, { type: "String", value }]),
        ),
      },
    },
    [
      "properties.globalParameters",
      "properties.repoConfiguration",
      "properties.purviewConfiguration",
      "properties.encryption",
    ],
  );
  // A definition has many rules besides its shape: only a description is added to it.
  for (const { kind, name, properties } of objects)
    child(
      factory,
      `Microsoft.DataFactory/factories/${kind}`,
      name,
      { properties: { description: "", ...properties } },
      ["properties"],
    );
  const managed = child(factory, "Microsoft.DataFactory/factories/managedVirtualNetworks", "default", {
    properties: {},
  });
  child(
    managed,
    "Microsoft.DataFactory/factories/managedVirtualNetworks/managedPrivateEndpoints",
    "vault",
    {
      properties: {
        privateLinkResourceId: `${factory.slice(0, factory.indexOf("/providers/"))}/providers/Microsoft.KeyVault/vaults/kv-fuzz`,
        groupId: "vault",
      },
    },
    ["properties"],
  );
  child(
    factory,
    "Microsoft.DataFactory/factories/integrationRuntimes",
    "managed",
    {
      properties: {
        type: "Managed",
        managedVirtualNetwork: { type: "ManagedVirtualNetworkReference", referenceName: "default" },
        typeProperties: { computeProperties: { location: "AutoResolve" } },
      },
    },
    ["properties"],
  );
}

function addAutomation(add: Add, child: Child): void {
  const account = add(
    "Microsoft.Automation/automationAccounts",
    "Microsoft.Automation/automationAccounts/automation",
    { location, properties: { sku: { name: "Basic" } } },
  );
  child(
    account,
    "Microsoft.Automation/automationAccounts/variables",
    "greeting",
    { properties: { value: '"Hello"' } },
    ["properties.value"],
  );
  child(account, "Microsoft.Automation/automationAccounts/credentials", "user", {
    properties: { userName: "user", password: "secret" },
  });
  child(
    account,
    "Microsoft.Automation/automationAccounts/runbooks",
    "greet",
    { location, properties: { runbookType: "PowerShell", draft: {} } },
    ["properties.draft", "properties.publishContentLink", "properties.runbookType"],
  );
}

function addWeb(add: Add, child: Child, group: string): void {
  const plan = add(
    "Microsoft.Web/serverfarms",
    "Microsoft.Web/serverfarms/plan-fuzz",
    { location, sku: { name: "FC1", tier: "FlexConsumption" }, properties: { reserved: true } },
    ["sku", "kind"],
  );
  const site = add(
    "Microsoft.Web/sites",
    "Microsoft.Web/sites/site-fuzz",
    {
      location,
      kind: "functionapp,linux",
      properties: {
        serverFarmId: plan,
        functionAppConfig: {
          deployment: {
            storage: {
              type: "blobContainer",
              value: "https://127.0.0.1:1/storefuzz/box",
              authentication: {
                type: "UserAssignedIdentity",
                userAssignedIdentityResourceId: `${group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/fuzz`,
              },
            },
          },
          runtime: { name: "node", version: "22" },
          scaleAndConcurrency: { instanceMemoryMB: 2048, maximumInstanceCount: 40 },
        },
      },
    },
    [
      "properties.functionAppConfig",
      "properties.siteConfig",
      "properties.enabled",
      "properties.virtualNetworkSubnetId",
      "properties.hyperV",
      "properties.isXenon",
      "kind",
    ],
  );
  child(site, "Microsoft.Web/sites/config", "appsettings", { properties: { A: "1" } }, [
    "kind",
    "properties",
  ]);
  for (const name of ["ftp", "scm"])
    child(site, "Microsoft.Web/sites/basicPublishingCredentialsPolicies", name, {
      properties: { allow: false },
    });
}

function addNetwork(add: Add, child: Child): void {
  add("Microsoft.Network/networkSecurityGroups", "Microsoft.Network/networkSecurityGroups/nsg-fuzz", {
    location,
  });
  const network = add(
    "Microsoft.Network/virtualNetworks",
    "Microsoft.Network/virtualNetworks/vnet-fuzz",
    {
      location,
      properties: { addressSpace: { addressPrefixes: ["10.0.0.0/24"] } },
    },
    ["properties"],
  );
  const subnet = child(
    network,
    "Microsoft.Network/virtualNetworks/subnets",
    "endpoints",
    {
      properties: { addressPrefix: "10.0.0.0/27" },
    },
    ["properties"],
  );
  const zone = add(
    "Microsoft.Network/privateDnsZones",
    "Microsoft.Network/privateDnsZones/privatelink.vaultcore.azure.net",
    { location: "global" },
  );
  child(
    zone,
    "Microsoft.Network/privateDnsZones/virtualNetworkLinks",
    "vnet-fuzz",
    {
      location: "global",
      properties: { virtualNetwork: { id: network }, registrationEnabled: false },
    },
    ["properties"],
  );
  child(zone, "Microsoft.Network/privateDnsZones/A", "other", {
    properties: { ttl: 10, aRecords: [{ ipv4Address: "10.0.0.9" }] },
  });
  const group = network.slice(0, network.indexOf("/providers/"));
  add(
    "Microsoft.Sql/servers/virtualNetworkRules",
    `${group}/providers/Microsoft.Sql/servers/sql-fuzz/virtualNetworkRules/endpoints`,
    { properties: { virtualNetworkSubnetId: subnet, ignoreMissingVnetServiceEndpoint: true } },
  );
  const endpoint = add(
    "Microsoft.Network/privateEndpoints",
    "Microsoft.Network/privateEndpoints/pe-fuzz",
    {
      location,
      properties: {
        subnet: { id: subnet },
        privateLinkServiceConnections: [
          {
            name: "vault",
            properties: {
              privateLinkServiceId: `${group}/providers/Microsoft.KeyVault/vaults/kv-fuzz`,
              groupIds: ["vault"],
            },
          },
        ],
      },
    },
    ["properties"],
  );
  child(
    endpoint,
    "Microsoft.Network/privateEndpoints/privateDnsZoneGroups",
    "default",
    {
      properties: { privateDnsZoneConfigs: [{ name: "vault", properties: { privateDnsZoneId: zone } }] },
    },
    ["properties"],
  );
}
