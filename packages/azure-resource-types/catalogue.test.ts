import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import {
  azureResourceTypes,
  catalogueOf,
  nameInput,
  pathInputs,
  resourceId,
  type Shape,
  shapeOf,
  type TokenDescriptor,
} from ".";

const subscription = "11111111-1111-1111-1111-111111111111";
const group = `/subscriptions/${subscription}/resourceGroups/rg`;

const ids: readonly (readonly [token: string, inputs: Record<string, string>, id: string, type: string])[] = [
  ["resources:ResourceGroup", { resourceGroupName: "rg" }, group, "Microsoft.Resources/resourceGroups"],
  [
    "sql:Database",
    { resourceGroupName: "rg", serverName: "s", databaseName: "d" },
    `${group}/providers/Microsoft.Sql/servers/s/databases/d`,
    "Microsoft.Sql/servers/databases",
  ],
  [
    "storage:BlobContainer",
    { resourceGroupName: "rg", accountName: "a", containerName: "c" },
    `${group}/providers/Microsoft.Storage/storageAccounts/a/blobServices/default/containers/c`,
    "Microsoft.Storage/storageAccounts/blobServices/containers",
  ],
  [
    "web:WebAppApplicationSettings",
    { resourceGroupName: "rg", name: "site" },
    `${group}/providers/Microsoft.Web/sites/site/config/appsettings`,
    "Microsoft.Web/sites/config",
  ],
  [
    "web:WebAppScmAllowed",
    { resourceGroupName: "rg", name: "site" },
    `${group}/providers/Microsoft.Web/sites/site/basicPublishingCredentialsPolicies/scm`,
    "Microsoft.Web/sites/basicPublishingCredentialsPolicies",
  ],
  [
    "authorization:RoleAssignment",
    { scope: `${group}/providers/Microsoft.DataFactory/factories/f`, roleAssignmentName: "g" },
    `${group}/providers/Microsoft.DataFactory/factories/f/providers/Microsoft.Authorization/roleAssignments/g`,
    "Microsoft.Authorization/roleAssignments",
  ],
  [
    "authorization:RoleDefinition",
    { scope: `subscriptions/${subscription}`, roleDefinitionId: "g" },
    `/subscriptions/${subscription}/providers/Microsoft.Authorization/roleDefinitions/g`,
    "Microsoft.Authorization/roleDefinitions",
  ],
  [
    "monitor:DiagnosticSetting",
    { resourceUri: `${group}/providers/Microsoft.KeyVault/vaults/v`, name: "logs" },
    `${group}/providers/Microsoft.KeyVault/vaults/v/providers/Microsoft.Insights/diagnosticSettings/logs`,
    "Microsoft.Insights/diagnosticSettings",
  ],
  [
    "consumption:Budget",
    { scope: group, budgetName: "b" },
    `${group}/providers/Microsoft.Consumption/budgets/b`,
    "Microsoft.Consumption/budgets",
  ],
];

const byToken = (token: string): TokenDescriptor => {
  const described = azureResourceTypes.byToken(token);
  assert.ok(described, token);
  return described;
};

/** The members of `properties` that are written only. */
function writeOnlyOf(properties: Shape | undefined): string[] {
  if (properties?.kind !== "object") return [];
  return Object.entries(properties.properties).flatMap(([name, { writeOnly }]) => (writeOnly ? [name] : []));
}

/** The SDK's file (without its extension) and class of a token. */
function sdkFile(token: string): { readonly file: string; readonly type: string } {
  const [, module = "", type = ""] = token.split(":");
  return { file: `@pulumi/azure-native/${module}/${type[0]?.toLowerCase()}${type.slice(1)}`, type };
}

describe("resource types", () => {
  for (const [token, inputs, id, type] of ids) {
    it(`knows the id of ${token}`, () => {
      const described = byToken(`azure-native:${token}`);
      assert.equal(resourceId(described, inputs, subscription), id);
      assert.equal(described.type, type);
    });
  }

  it("has the type that its path implies", () => {
    for (const { token, path, type } of azureResourceTypes.tokens) {
      const [, below = path] = /.*\/providers\/(.+)$/.exec(path) ?? [];
      const [provider, ...rest] = below.split("/");
      const implied = [provider, ...rest.filter((_, index) => index % 2 === 0)].join("/");
      if (type !== "Microsoft.Resources/resourceGroups") assert.equal(implied, type, token);
    }
  });

  it("is found by every version of a token and by Azure's name in any case", () => {
    assert.equal(byToken("azure-native:sql/v20230801:Server"), byToken("azure-native:sql:Server"));
    assert.equal(byToken("azure-native:web/v20241101preview:WebApp"), byToken("azure-native:web:WebApp"));
    const { byType } = azureResourceTypes;
    assert.equal(byType("microsoft.sql/SERVERS")?.type, "Microsoft.Sql/servers");
    assert.equal(byType("Microsoft.Compute/virtualMachines"), undefined);
    assert.equal(azureResourceTypes.byToken("azure-native:compute:VirtualMachine"), undefined);
  });

  it("has a unique name", () => {
    const [group] = azureResourceTypes.types;
    assert.ok(group);
    const shouted = { ...group, type: group.type.toUpperCase(), tokens: {} };
    assert.throws(() => catalogueOf([group, shouted]), /named microsoft\.resources\/resourcegroups/);
    assert.throws(() => catalogueOf([group, { ...group, type: "x" }]), /named azure-native:resources/);
  });

  it("has no id while a part is missing", () => {
    const server = byToken("azure-native:sql:Server");
    assert.equal(resourceId(server, { resourceGroupName: "rg" }, subscription), undefined);
  });

  it("has only inputs of the SDK's class", () => {
    for (const described of azureResourceTypes.tokens) {
      const { token, location, createOnly = [], secretInputs = [], renames = {} } = described;
      const { file, type } = sdkFile(token);
      const source = String((require(file) as Record<string, { toString(): string }>)[type]);
      const paths = [...pathInputs(described), ...(location ? ["location"] : []), ...createOnly];
      for (const path of [...paths, ...secretInputs, ...Object.keys(renames)]) {
        const [first] = path.split(".");
        assert.ok(source.includes(`resourceInputs["${first}"]`), `${token} has no input ${first}`);
      }
    }
  });

  it("has the API version that the SDK documents", () => {
    for (const { token, apiVersion } of azureResourceTypes.tokens) {
      const file = require.resolve(sdkFile(token).file).replace(/\.js$/, ".d.ts");
      assert.ok(existsSync(file), file);
      const [, version] = /Uses Azure REST API version ([\w-]+)\./.exec(readFileSync(file, "utf8")) ?? [];
      assert.equal(apiVersion, version, token);
    }
  });

  it("has an entity tag and systemData only where the SDK's class has them", () => {
    for (const { token, etag, systemData } of azureResourceTypes.tokens) {
      const file = require.resolve(sdkFile(token).file).replace(/\.js$/, ".d.ts");
      const outputs = new Set(
        [...readFileSync(file, "utf8").matchAll(/readonly (\w+): pulumi\.Output/g)].map(([, name]) => name),
      );
      for (const member of [etag, systemData && "systemData"]) {
        if (member !== undefined) assert.ok(outputs.has(member), `${token} has no ${member}`);
      }
      if (etag === undefined) assert.ok(!outputs.has("etag") && !outputs.has("eTag"), `${token} has an etag`);
    }
  });

  it("never answers what the published types mark as write-only", () => {
    const missing = azureResourceTypes.types.flatMap(({ type, writeOnly = [] }) =>
      writeOnlyOf(shapeOf(type)?.body.properties.properties)
        .filter((name) => !writeOnly.includes(name))
        .map((name) => `${type} ${name}`),
    );
    assert.deepEqual(missing, []);
  });

  it("has a published shape for each type, of its own API version or an earlier one", () => {
    for (const { type, apiVersion } of azureResourceTypes.types) {
      const shape = shapeOf(type);
      assert.ok(shape, type);
      assert.equal(shape.type, type);
      assert.ok(shape.version <= apiVersion, `${type} ${shape.version}`);
    }
  });

  it("says in which specification its create-only properties were read", () => {
    const unread = azureResourceTypes.tokens.flatMap(({ type, apiVersion, mutabilityFrom }) => {
      if (mutabilityFrom === undefined) return [type];
      assert.ok(mutabilityFrom.includes(`/${apiVersion}/`), `${type}: ${mutabilityFrom}`);
      return [];
    });
    assert.deepEqual(
      [...new Set(unread)],
      [
        // Its location is of azure-native's own list.
        "Microsoft.Resources/resourceGroups",
        // Their bodies are a dictionary and one switch.
        "Microsoft.Web/sites/config",
        "Microsoft.Web/sites/basicPublishingCredentialsPolicies",
      ],
    );
  });

  it("has the create-only properties of the specifications and of azure-native's list", () => {
    const found = azureResourceTypes.types.flatMap(({ type, createOnly = [] }) =>
      createOnly.length === 0 ? [] : [[type, [...createOnly].sort().join(" ")]],
    );
    assert.deepEqual(Object.fromEntries(found), {
      "Microsoft.Authorization/roleAssignments": "principalId",
      "Microsoft.Insights/components": "applicationType",
      "Microsoft.Network/privateEndpoints": "subnet",
      "Microsoft.Sql/servers": "administratorLogin administrators",
      "Microsoft.Sql/servers/databases":
        "catalogCollation collation createMode longTermRetentionBackupResourceId recoverableDatabaseId recoveryServicesRecoveryPointId " +
        "restorableDroppedDatabaseId restorePointInTime sampleName sourceDatabaseDeletionDate sourceDatabaseId sourceResourceId",
      "Microsoft.Storage/storageAccounts": "isHnsEnabled",
      "Microsoft.Web/serverfarms": "hostingEnvironmentProfile hyperV isXenon reserved",
      "Microsoft.Web/sites": "cloningInfo hostingEnvironmentProfile hyperV isXenon kind reserved",
    });
  });

  it("names its resource by one input, or by none", () => {
    assert.equal(nameInput(byToken("azure-native:sql:Database")), "databaseName");
    assert.equal(nameInput(byToken("azure-native:web:WebAppFtpAllowed")), undefined);
  });
});
