import assert from "node:assert/strict";
import { azureResourceTypes } from "../packages/azure-resource-types";

import { deployTenant } from "./program";

import { type AskedResource, isSecretValue, mockClient, runWithMocks } from "./testing/mock-cloud";
import { tenantConfig } from "./testing/tenant";

const everything = {
  "quantemplate:alertEmail": "data-team@example.com",
  "quantemplate:budget": JSON.stringify({ monthlyAmount: 200, startDate: "2027-01-01" }),
};

describe("the program", () => {
  let run: Awaited<ReturnType<typeof runWithMocks>>;
  before(async () => {
    run = await runWithMocks(deployTenant, tenantConfig(everything), ["quantemplate:clientSecret"]);
  });

  const ofType = (type: string) => run.resources.filter((resource) => resource.type === type);
  const only = (type: string): AskedResource => {
    const [first, ...others] = ofType(type);
    assert.ok(
      first !== undefined && others.length === 0,
      `one ${type}, not ${others.length + (first ? 1 : 0)}`,
    );
    return first;
  };
  const named = (name: string): AskedResource => {
    const found = run.resources.find((resource) => resource.name === name);
    assert.ok(found !== undefined, name);
    return found;
  };

  it("uses every resource type that has a descriptor, except a few, and no other", () => {
    const asked = run.resources.map(({ type }) => type).filter((type) => type.startsWith("azure-native:"));
    const described = azureResourceTypes.tokens.map(({ token }) => token);
    const unused = [
      // Only of a tenant whose runbook has a service principal.
      "azure-native:automation:Credential",
      // Azure makes them with the server, and a step keeps them.
      "azure-native:sql:ServerAzureADAdministrator",
      "azure-native:sql:ServerAzureADOnlyAuthentication",
      // What a platform team makes.
      "azure-native:sql:ElasticPool",
      // Of private networks.
      "azure-native:datafactory:IntegrationRuntime",
      "azure-native:datafactory:ManagedPrivateEndpoint",
      "azure-native:network:NetworkSecurityGroup",
      "azure-native:network:PrivateDnsZoneGroup",
      "azure-native:network:PrivateEndpoint",
      "azure-native:network:Subnet",
      "azure-native:network:VirtualNetwork",
      "azure-native:privatedns:PrivateZone",
      "azure-native:privatedns:VirtualNetworkLink",
      "azure-native:sql:VirtualNetworkRule",
    ];
    const where =
      "describe it in packages/azure-resource-types/types/; if only others use it, name it in `unused`";
    assert.deepEqual([...new Set([...asked, ...unused])].sort(), described.sort(), where);
  });

  it("is the same whoever deploys", async () => {
    const other = {
      clientId: "04b07795-8ddb-461a-bbee-02f9e1bf7b46",
      objectId: "00000000-0000-0000-0000-0000000000b2",
    };
    const again = await runWithMocks(deployTenant, tenantConfig(everything), ["quantemplate:clientSecret"], {
      client: other,
    });
    const byName = ({ resources }: typeof run) => new Map(resources.map((one) => [one.name, one.inputs]));
    assert.deepEqual(byName(again), byName(run));
  });

  it("returns exactly the agreed outputs", () => {
    assert.deepEqual(Object.keys(run.outputs).sort(), [
      "automationAccountName",
      "consoleLinks",
      "dataFactoryId",
      "dataFactoryName",
      "fivetran",
      "functionAppName",
      "functionKey",
      "functionUrl",
      "keyVaultName",
      "pipelineName",
      "reconcilePipelineName",
      "resourceGroupName",
      "runbookName",
      "sqlDatabase",
      "sqlServer",
      "webhookExpiry",
      "webhookUrl",
    ]);
    assert.deepEqual([...run.secrets].sort(), ["fivetran", "functionKey", "webhookUrl"]);
    assert.equal(run.outputs.webhookUrl, "https://webhook.test/webhooks?token=mock-token");
    assert.equal(run.outputs.functionUrl, "https://app.test/api/fivetran");
    assert.equal(run.outputs.functionKey, "mock-password");
  });

  it("passes every secret as a secret", () => {
    const found: string[] = [];
    const visit = (value: unknown, path: string): void => {
      if (isSecretValue(value)) return;
      if (
        typeof value === "string" &&
        /the-client-secret|mock-token|mock-password|mock-connection-string/.test(value)
      ) {
        found.push(path);
      }
      if (typeof value === "object" && value !== null) {
        for (const [key, item] of Object.entries(value)) visit(item, `${path}.${key}`);
      }
    };
    for (const { name, inputs } of run.resources) visit(inputs, name);
    assert.deepEqual(found, []);
  });

  it("passes the migration every setting of every dataset, and leaves none to the database's defaults", () => {
    const { inputs } = named("database-migration").inputs as { inputs: { datasets: unknown } };
    assert.equal(
      JSON.stringify(inputs.datasets),
      '[{"columns":{},"exclude":[],"guards":{"allowEmpty":false,"maxColumnChangePercent":50,"maxShrinkPercent":50},"id":"d-1","keyColumns":["Policy Reference"],"table":"premium_bordereau","types":{"Premium":{"onError":"fail","type":"decimal(38,10)"}}},' +
        '{"columns":{},"exclude":[],"guards":{"allowEmpty":false,"maxColumnChangePercent":50,"maxShrinkPercent":50},"id":"d-2","keyColumns":[],"table":"claims_notes","types":{}}]',
    );
  });

  it("gives the runbook its variables as JSON text", () => {
    const variables = Object.fromEntries(
      ofType("azure-native:automation:Variable").map(({ inputs }) => [inputs.variableName, inputs.value]),
    );
    assert.deepEqual(variables, {
      "ADF-CredentialName": '""',
      "ADF-ResourceGroupName": '"group-1"',
      "ADF-DataFactoryName": '"data-factory-1"',
      "ADF-SubscriptionID": JSON.stringify(mockClient.subscriptionId),
      "ADF-TenantID": JSON.stringify(mockClient.tenantId),
      "QT-Datasets": JSON.stringify('{"ids":["d-1","d-2"],"unknown":"ignore"}'),
      "QT-WaitForEnd": '"false"',
    });
  });

  it("has a service principal start the pipeline if the tenant has one, and no one else", async () => {
    const credential = { clientId: mockClient.clientId, objectId: mockClient.objectId };
    const runbook = JSON.stringify({ credential: { ...credential, clientSecret: "starter-secret" } });
    const { resources } = await runWithMocks(
      deployTenant,
      tenantConfig({ "quantemplate:runbook": runbook }),
      ["quantemplate:clientSecret", "quantemplate:runbook"],
    );
    const inputsOf = (name: string) => resources.find((one) => one.name === name)?.inputs;
    assert.equal(inputsOf("automation-starts-pipelines")?.principalId, mockClient.objectId);
    const asset = inputsOf("quantemplate-pipeline-starter") ?? assert.fail();
    assert.equal(asset.userName, mockClient.clientId);
    assert.ok(isSecretValue(asset.password) && asset.password.value === "starter-secret");
    assert.equal(inputsOf("ADF-CredentialName")?.value, '"quantemplate-pipeline-starter-1"');
    const others = resources.filter(({ name }) => name !== "quantemplate-pipeline-starter");
    assert.doesNotMatch(JSON.stringify(others), /starter-secret/);
  });

  it("sets every global parameter of the factory", () => {
    const { globalParameters } = only("azure-native:datafactory:Factory").inputs;
    const values = Object.entries(globalParameters as Record<string, { type: string; value: string }>);
    assert.deepEqual(Object.fromEntries(values.map(([name, { value }]) => [name, value])), {
      qtApiUrl: "https://api.prod.quantemplate.com/",
      qtTokenUrl: "https://accounts.prod.quantemplate.com/auth/realms/qt/protocol/openid-connect/token",
      qtOrganisationId: "org-1",
      qtClientId: "api-client",
      qtSecretUrl: "https://vault.test/secrets/key-vault-client-secret-1",
      sqlServer: "sql.test,11433",
      sqlDatabase: "sql-database-1",
    });
    assert.ok(values.every(([, { type }]) => type === "String"));
  });

  it("deploys every pipeline, dataset, linked service and trigger without typeProperties", () => {
    const objects = run.resources.filter(({ type }) =>
      /^azure-native:datafactory:(LinkedService|Dataset|Pipeline|Trigger)$/.test(type),
    );
    assert.ok(objects.length >= 8);
    for (const { name, inputs } of objects)
      assert.ok(!JSON.stringify(inputs).includes('"typeProperties":'), name);
  });

  it("assigns five roles, each at its scope", () => {
    const assignments = ofType("azure-native:authorization:RoleAssignment").map(({ name, inputs }) => [
      name,
      inputs.principalId,
      String(inputs.roleDefinitionId).split("/").at(-1),
      String(inputs.scope).split("/")[2],
    ]);
    assert.deepEqual(assignments.sort(), [
      [
        "automation-starts-pipelines",
        "principal-of-automation",
        "roles-pipeline-starter",
        "azure-native:datafactory:Factory",
      ],
      [
        "factory-reads-secret",
        "principal-of-data-factory",
        "4633458b-17de-408a-b874-0445c86b69e6",
        "azure-native:keyvault:Secret",
      ],
      [
        "factory-reads-webhook",
        "principal-of-data-factory",
        "acdd72a7-3385-48ef-bd42-f606fba81ae7",
        "azure-native:automation:AutomationAccount",
      ],
      [
        "function-owns-blobs",
        "principal-of-function",
        "b7e6dc6d-f1e8-4753-8033-0f276bb0955b",
        "azure-native:storage:StorageAccount",
      ],
      [
        "function-sends-telemetry",
        "principal-of-function",
        "3913510d-42f4-4e42-8a64-420c390055eb",
        "azure-native:applicationinsights:Component",
      ],
    ]);
  });

  it("lets the custom role start and follow runs, and change nothing", () => {
    const { permissions } = only("azure-native:authorization:RoleDefinition").inputs;
    const [{ actions = [] } = {}] = permissions as { actions?: string[] }[];
    assert.ok(actions.includes("Microsoft.DataFactory/factories/pipelines/createrun/action"));
    assert.ok(
      actions.every((action) => !/write|delete|\*/i.test(action)),
      actions.join(),
    );
  });

  it("creates the database's users from client ids, each with the role it needs", () => {
    const { inputs } = named("database-migration").inputs as { inputs: { users: unknown; files: object } };
    assert.deepEqual(inputs.users, [
      { name: "adf-qt-acme-westeurope-x7k2p9", clientId: "client-of-factory", role: "loader" },
      { name: "id-qt-acme-westeurope-x7k2p9", clientId: "client-of-function", role: "reader" },
    ]);
    assert.match(JSON.stringify(inputs.files), /"migrations\/0001-schemas\.sql":"[0-9a-f]{64}"/);
  });

  it("gives the function the settings that functions/src reads, and none that Flex refuses", () => {
    const { properties } = only("azure-native:web:WebAppApplicationSettings").inputs;
    assert.ok(isSecretValue(properties));
    const settings = properties.value as Record<string, unknown>;
    assert.equal(settings.SQL_SERVER, "sql.test,11433");
    assert.equal(settings.AZURE_CLIENT_ID, "client-of-function");
    assert.deepEqual(
      Object.keys(settings).filter((name) => /^(FUNCTIONS_|WEBSITE_|SCM_|ENABLE_ORYX)/.test(name)),
      [],
    );
    assert.equal(only("azure-native:web:WebApp").inputs.siteConfig, undefined);
  });

  it("is secure by default", () => {
    const vault = only("azure-native:keyvault:Vault").inputs.properties as Record<string, unknown>;
    assert.equal(vault.enableRbacAuthorization, true);
    assert.equal(vault.enablePurgeProtection, true);
    assert.equal(only("azure-native:storage:StorageAccount").inputs.allowSharedKeyAccess, false);
    const { administrators } = only("azure-native:sql:Server").inputs;
    assert.equal((administrators as Record<string, unknown>).azureADOnlyAuthentication, true);
    assert.equal(only("azure-native:applicationinsights:Component").inputs.disableLocalAuth, true);
    for (const kind of ["Ftp", "Scm"])
      assert.equal(only(`azure-native:web:WebApp${kind}Allowed`).inputs.allow, false);
  });

  it("deploys the same resources a second time in the same process", async () => {
    const again = await runWithMocks(deployTenant, tenantConfig(everything), ["quantemplate:clientSecret"]);
    const sorted = (resources: readonly AskedResource[]) =>
      resources.map((resource) => JSON.stringify(resource)).sort();
    assert.deepEqual(sorted(again.resources), sorted(run.resources));
  });

  it("keeps tenants apart in one process", async () => {
    const other = tenantConfig({ "quantemplate:organisationId": "org-2" });
    const { resources } = await runWithMocks(deployTenant, other, ["quantemplate:clientSecret"]);
    const text = JSON.stringify(resources);
    assert.ok(text.includes("org-2") && !text.includes("org-1"));
    assert.ok(
      !text.includes("azure-native:monitor:ActionGroup") && !text.includes("azure-native:consumption:Budget"),
    );
  });
});
