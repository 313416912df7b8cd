import assert from "node:assert/strict";
import { isAtOrUnder, parentId, parseResourceId, resourceGroupOf } from "./resource-id";

describe("resource ids", () => {
  const group = "/subscriptions/s/resourceGroups/rg";

  it("finds type, name and parent of every kind of id", () => {
    const cases = [
      [group, "Microsoft.Resources/resourceGroups", "rg", "/subscriptions/s"],
      [`${group}/providers/Microsoft.Sql/servers/x`, "Microsoft.Sql/servers", "x", group],
      [
        `${group}/providers/Microsoft.Sql/servers/x/databases/d`,
        "Microsoft.Sql/servers/databases",
        "d",
        `${group}/providers/Microsoft.Sql/servers/x`,
      ],
      [
        `${group}/providers/Microsoft.Sql/servers/x/providers/Microsoft.Authorization/roleAssignments/g`,
        "Microsoft.Authorization/roleAssignments",
        "g",
        `${group}/providers/Microsoft.Sql/servers/x`,
      ],
      [
        "/subscriptions/s/providers/Microsoft.Authorization/roleDefinitions/g",
        "Microsoft.Authorization/roleDefinitions",
        "g",
        "/subscriptions/s",
      ],
    ] as const;
    for (const [id, type, name, parent] of cases) {
      assert.deepEqual(parseResourceId(id), { id, type, name, parent });
      assert.equal(parentId(id), parent);
    }
  });

  it("refuses subscriptions, collections and malformed ids", () => {
    const refused = [
      "",
      "/subscriptions/s",
      `${group}/providers/Microsoft.Sql/servers`,
      `${group}/providers`,
    ];
    refused.push(
      `${group}/providers/Microsoft.Sql/servers//databases/d`,
      "providers/Microsoft.Sql/servers/x",
    );
    for (const id of refused) assert.equal(parseResourceId(id), undefined, id);
  });

  it("ignores case and never matches a mere prefix", () => {
    assert.ok(isAtOrUnder(`${group.toUpperCase()}/providers/A/b/c`, group));
    assert.ok(!isAtOrUnder("/subscriptions/s/resourceGroups/rg2", group));
    assert.equal(resourceGroupOf(`${group}/providers/A/b/c`), group);
  });
});
