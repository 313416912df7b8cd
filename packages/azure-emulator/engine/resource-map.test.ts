import assert from "node:assert/strict";
import { CodedError } from "../../kit/errors/coded-error";
import { armType, mappingOf, nameInput, pathInputs, resourceId } from "./resource-map";
import { resourceTypes } from "./resource-types";
import { unknown } from "./wire-values";

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

describe("engine: resource map", () => {
  for (const [token, inputs, id, type] of ids) {
    it(`knows where ${token} lies`, () => {
      const mapping = mappingOf(`azure-native:${token}`);
      assert.equal(resourceId(mapping, inputs, subscription), id);
      assert.equal(armType(mapping), type);
    });
  }

  it("takes every version of a type", () => {
    assert.equal(mappingOf("azure-native:sql/v20230801:Server"), mappingOf("azure-native:sql:Server"));
    assert.equal(mappingOf("azure-native:web/v20241101preview:WebApp"), mappingOf("azure-native:web:WebApp"));
  });

  it("names a type that it does not know", () => {
    assert.throws(
      () => mappingOf("azure-native:network:VirtualNetwork"),
      (error) =>
        error instanceof CodedError &&
        error.code === "QT7001" &&
        error.message.includes("network:VirtualNetwork"),
    );
  });

  it("makes no id while a part is missing or not known", () => {
    const mapping = mappingOf("azure-native:sql:Server");
    assert.equal(resourceId(mapping, { resourceGroupName: "rg" }, subscription), undefined);
    assert.equal(
      resourceId(mapping, { resourceGroupName: "rg", serverName: unknown }, subscription),
      undefined,
    );
  });

  it("has only path inputs that the SDK's class takes", () => {
    for (const [token, mapping] of Object.entries(resourceTypes)) {
      const [, module = "", type = ""] = token.split(":");
      const file = `@pulumi/azure-native/${module}/${type[0]?.toLowerCase()}${type.slice(1)}`;
      const Resource = (require(file) as Record<string, { toString(): string }>)[type];
      const source = String(Resource);
      for (const input of [
        ...pathInputs(mapping),
        ...(mapping.location ? ["location"] : []),
        ...(mapping.replaceOn ?? []),
      ]) {
        assert.ok(source.includes(`resourceInputs["${input}"]`), `${token} has no input ${input}`);
      }
      for (const path of Object.keys(mapping.renames ?? {})) {
        const [first] = path.split(".");
        assert.ok(source.includes(`resourceInputs["${first}"]`), `${token} has no property ${first}`);
      }
    }
  });

  it("tells which input names the resource", () => {
    assert.equal(nameInput(mappingOf("azure-native:sql:Database")), "databaseName");
    assert.equal(nameInput(mappingOf("azure-native:web:WebAppFtpAllowed")), undefined);
  });
});
