import assert from "node:assert/strict";
import { startTestEmulator, type TestEmulator, testType } from "./testing/test-emulator";

describe("what a data plane deletes", () => {
  let emulator: TestEmulator;
  const removed: string[] = [];
  before(async () => {
    const types = [
      testType("Microsoft.Test/safes"),
      testType("Microsoft.Test/safes/notes", { deletedByData: "Microsoft.Test/safes/notes/delete" }),
    ];
    const resourceTypes = types.map(({ type }) => ({
      type,
      delete: async ({ name }: { name: string }) => void removed.push(name),
    }));
    emulator = await startTestEmulator(() => [{ name: "test", resourceTypes }], undefined, types);
  });
  after(() => emulator.stop());

  it("is deleted by whoever has the data action, never by Resource Manager's DELETE", async () => {
    const { controlPlane, context, group } = emulator;
    const { deployer } = context.principals;
    const safe = `${group}/providers/Microsoft.Test/safes/safe`;
    const notes = ["one", "two"].map((name) => `${safe}/notes/${name}`);
    for (const id of [safe, ...notes]) await controlPlane.put(id, {}, deployer);
    const refused = await emulator.arm("DELETE", String(notes[0]));
    assert.equal(refused.status, 405);
    await assert.rejects(
      controlPlane.delete(String(notes[0]), deployer),
      /data action 'Microsoft\.Test\/safes\/notes\/delete'/,
    );
    const role = `${group}/providers/Microsoft.Authorization/roleDefinitions/11111111-1111-4111-8111-111111111111`;
    const permissions = [{ dataActions: ["Microsoft.Test/safes/notes/delete"] }];
    await controlPlane.put(role, { properties: { roleName: "Eraser", permissions } }, deployer);
    const assignment = `${safe}/providers/Microsoft.Authorization/roleAssignments/22222222-2222-4222-8222-222222222222`;
    await controlPlane.put(
      assignment,
      { properties: { principalId: deployer.objectId, roleDefinitionId: role } },
      deployer,
    );
    await controlPlane.delete(String(notes[0]), deployer);
    await controlPlane.delete(assignment, deployer);
    // The safe takes with it what is in it.
    assert.equal((await emulator.arm("DELETE", safe)).status, 200);
    assert.deepEqual(removed, ["one", "two", "safe"]);
  });
});
