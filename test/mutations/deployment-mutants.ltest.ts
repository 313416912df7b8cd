import assert from "node:assert/strict";
import { drawMutations } from "./draw";
import { mutationText } from "./mutation";
import { sharesOf } from "./report";
import { runMutations } from "./run";

describe("Mutations of the deployment", () => {
  it("are drawn alike for the same seed, all distinct", () => {
    const urn = "urn:pulumi:dev::q::azure-native:sql:Database::db";
    const inputs = { databaseName: "db", sku: { name: "GP_S_Gen5", capacity: 1 }, tags: { a: "b" } };
    const id = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Sql/servers/s/databases/db";
    const database = { urn, type: "azure-native:sql:Database", name: "db", id, inputs, outputs: {} };
    const drawn = (seed: number) =>
      drawMutations({ resources: [database], waits: new Map() }, 15, seed).map(mutationText);
    assert.deepEqual(drawn(1), drawn(1));
    assert.notDeepEqual(drawn(1), drawn(2));
    assert.equal(new Set(drawn(1)).size, drawn(1).length);
  });

  it("are noticed by types, control plane, policies, what watches or the chain, or have a reason", async () => {
    const results = await runMutations({ count: 40, seed: 1 });
    const { open, share } = sharesOf(results);
    assert.ok(results.length > 30);
    assert.ok(share >= 0.9, open.map(({ mutation }) => mutationText(mutation)).join("\n"));
    // The chain is asked last; of so few mutations it may be left none.
    for (const by of ["types", "control plane", "policies", "watching"])
      assert.ok(
        results.some((result) => result.by === by),
        `nothing was noticed by ${by}`,
      );
  });
});
