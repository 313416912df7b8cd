import assert from "node:assert/strict";
import { azureResourceTypes } from "../../azure-resource-types";
import { canonicalId } from "./canonical-id";
import type { ArmResource } from "./resource";

const resource = (id: string): ArmResource => ({
  id,
  type: "",
  name: id.split("/").at(-1) ?? "",
  properties: {},
});
const made = [
  "/subscriptions/s/resourceGroups/Rg",
  "/subscriptions/s/resourceGroups/Rg/providers/Microsoft.Storage/storageAccounts/Acc",
];
const store = new Map(made.map((id) => [id.toLowerCase(), resource(id)]));
const spelled = (id: string) =>
  canonicalId(id, azureResourceTypes, { get: (asked) => store.get(asked.toLowerCase()) });

describe("an id", () => {
  const cases: readonly (readonly [asked: string, answered: string])[] = [
    ["/SUBSCRIPTIONS/s/resourcegroups/New", "/subscriptions/s/resourceGroups/New"],
    [
      "/subscriptions/s/resourcegroups/RG/Providers/microsoft.sql/SERVERS/One",
      "/subscriptions/s/resourceGroups/Rg/providers/Microsoft.Sql/servers/One",
    ],
    [
      "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Storage/storageaccounts/ACC/blobservices/default/Containers/c",
      "/subscriptions/s/resourceGroups/Rg/providers/Microsoft.Storage/storageAccounts/Acc/blobServices/default/containers/c",
    ],
    [
      "/subscriptions/s/resourcegroups/rg/providers/Microsoft.storage/storageAccounts/acc/providers/microsoft.authorization/roleassignments/g",
      "/subscriptions/s/resourceGroups/Rg/providers/Microsoft.Storage/storageAccounts/Acc/providers/Microsoft.Authorization/roleAssignments/g",
    ],
    [
      "/subscriptions/s/providers/microsoft.authorization/roledefinitions/g",
      "/subscriptions/s/providers/Microsoft.Authorization/roleDefinitions/g",
    ],
  ];
  for (const [asked, answered] of cases) {
    it(`is answered as ${answered}`, () => {
      assert.equal(spelled(asked), answered);
      assert.equal(spelled(answered), answered);
    });
  }
});
