import { flatConfig, readTenant } from "../../tenants/tenant";
import { type FlatConfig, SECRET_KEY } from "../config-check";
import { projectRoot } from "../project-text";
import type { MockRunOptions } from "./mock-cloud";

/** A tenant with a picture in `infra/golden/`. */
export interface PicturedTenant extends MockRunOptions {
  /** The stack's name. */
  readonly stack: string;
  /** What only this picture shows. */
  readonly shows: string;
  readonly config: FlatConfig;
}

const sqlAdmin = {
  "quantemplate:sqlAdmin": JSON.stringify({
    login: "Database administrators",
    objectId: "00000000-0000-0000-0000-00000000ad31",
  }),
};
const clientSecret = { [SECRET_KEY]: "the-client-secret" };
const required = {
  "azure-native:location": "westeurope",
  "quantemplate:organisationId": "org-1",
  "quantemplate:clientId": "api-client",
  ...sqlAdmin,
  ...clientSecret,
};

const existing = (path: string) =>
  `/subscriptions/00000000-0000-0000-0000-00000000005b/resourceGroups/rg-platform/providers/${path}`;

/** Together they cover every branch of the program that a configuration can reach. */
export const picturedTenants: readonly PicturedTenant[] = [
  {
    stack: "dev",
    shows: "The sample tenant as Pulumi.dev.yaml has it: nothing is protected.",
    config: { ...flatConfig(readTenant(projectRoot, "dev")), ...sqlAdmin, ...clientSecret },
  },
  {
    // Too long for most names: the region is left out, then the end of the name.
    stack: "northgate-managing-general-agency",
    shows: "Only what must be set: every default, and a long name.",
    config: { ...required, "quantemplate:datasets": JSON.stringify([{ id: "d-1", table: "notes" }]) },
  },
  {
    stack: "all",
    shows: "Every setting, and none at its default.",
    config: {
      ...required,
      "azure-native:location": "northeurope",
      // Without the trailing slash, which the program adds.
      "quantemplate:apiUrl": "https://api.example.com/v1",
      "quantemplate:tokenUrl": "https://accounts.example.com/token",
      "quantemplate:datasets": JSON.stringify([
        {
          id: "d-1",
          table: "Premium Bordereau",
          keyColumns: ["Policy Reference", "Line Number"],
          types: {
            Premium: { type: "decimal(38,10)", onError: "null" },
            "Inception Date": { type: "date" },
          },
          columns: { "Premium (£)": "premium_gbp", 保费: "premium_cny" },
          exclude: ["Tax Number"],
          guards: { maxShrinkPercent: 10, maxColumnChangePercent: 25, allowEmpty: true },
        },
        { id: "d-2", table: "claims_notes" },
      ]),
      "quantemplate:unknownDatasets": "land",
      "quantemplate:sqlAdmin": JSON.stringify({
        login: "platform-deployer",
        objectId: "00000000-0000-0000-0000-00000000ad32",
        principalType: "Application",
      }),
      "quantemplate:sql": JSON.stringify({
        skuName: "BC_Gen5",
        capacity: 8,
        minCapacity: 2,
        autoPauseDelay: 60,
        maxSizeGb: 100,
        backupRedundancy: "Geo",
        auditing: false,
      }),
      "quantemplate:function": JSON.stringify({ memoryMb: 4096, maximumInstances: 70, nodeVersion: "22" }),
      "quantemplate:policyTags": JSON.stringify(["costCentre", "Cost owner (IT)"]),
      "quantemplate:runbook": JSON.stringify({
        waitForEnd: true,
        credential: {
          clientId: "00000000-0000-0000-0000-0000000000c1",
          objectId: "00000000-0000-0000-0000-0000000000c2",
          clientSecret: "the-starter-secret",
        },
      }),
      "quantemplate:studio": JSON.stringify({
        host: "AzureDevOps",
        account: "northgate",
        project: "Data Platform",
        repository: "bordereaux",
        branch: "studio",
        folder: "/",
      }),
      "quantemplate:reconcile": JSON.stringify({ time: "22:15", timeZone: "GMT Standard Time" }),
      "quantemplate:rotation": JSON.stringify({
        webhook: { generation: 2, keepUntil: "2099-12-31" },
        functionKey: { generation: 2, keepUntil: "2099-12-31" },
      }),
      "quantemplate:webhookExpiry": "2035-12-31",
      "quantemplate:network": "public",
      "quantemplate:alertEmail": "data-team@example.com",
      "quantemplate:budget": JSON.stringify({ monthlyAmount: 200, startDate: "2027-01-01" }),
      "quantemplate:tags": JSON.stringify({ ring: "2", "cost centre": "4711" }),
      "quantemplate:deploymentSalt": "second",
      "quantemplate:protect": "true",
    },
  },
  {
    stack: "guest",
    shows: "Everything that a tenant may bring, and names of its own.",
    config: {
      ...required,
      "quantemplate:datasets": JSON.stringify([{ id: "d-1", table: "notes" }]),
      "quantemplate:alertEmail": "data-team@example.com",
      "quantemplate:budget": JSON.stringify({ monthlyAmount: 200, startDate: "2027-01-01" }),
      "quantemplate:existing": JSON.stringify({
        resourceGroup: "rg-claims",
        automationAccount: existing("Microsoft.Automation/automationAccounts/aa-platform"),
        sqlServer: existing("Microsoft.Sql/servers/sql-platform"),
        elasticPool: existing("Microsoft.Sql/servers/sql-platform/elasticPools/pool"),
        logAnalyticsWorkspace: existing("Microsoft.OperationalInsights/workspaces/log-platform"),
        keyVault: existing("Microsoft.KeyVault/vaults/kv-platform"),
        functionIdentity: existing("Microsoft.ManagedIdentity/userAssignedIdentities/id-platform"),
        pipelineStarterRole:
          "/providers/Microsoft.Authorization/roleDefinitions/00000000-0000-0000-0000-00000000a001",
      }),
      "quantemplate:names": JSON.stringify({
        dataFactory: "adf-{tenant}-{region}-p01",
        storageAccount: "st{tenant}{suffix}",
      }),
    },
  },
  {
    stack: "enclosed",
    shows: "A private network of the tenant's own, with a list of who calls the function.",
    config: {
      ...required,
      "quantemplate:datasets": JSON.stringify([{ id: "d-1", table: "notes" }]),
      "quantemplate:network": JSON.stringify({
        mode: "private",
        addressSpace: "10.91.0.0/24",
        functionAllowList: ["203.0.113.0/24"],
      }),
    },
  },
];
