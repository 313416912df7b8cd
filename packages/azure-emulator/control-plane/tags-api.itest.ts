import assert from "node:assert/strict";
import { startTestEmulator, type TestEmulator } from "./testing/test-emulator";

describe("tags as a resource", () => {
  let emulator: TestEmulator;
  before(async () => {
    emulator = await startTestEmulator();
  });
  after(() => emulator.stop());

  it("are read, replaced, merged, taken away and deleted, and leave the rest as it is", async () => {
    const path = `${emulator.group}/providers/Microsoft.Resources/tags/default`;
    const call = async (method: string, body?: object) =>
      (await emulator.arm(method, path, body)).json?.properties?.tags;
    const patch = (operation: string, tags: object) => call("PATCH", { operation, properties: { tags } });
    assert.deepEqual(await call("GET"), {});
    assert.deepEqual(await call("PUT", { properties: { tags: { Cost: "1", a: "b" } } }), {
      Cost: "1",
      a: "b",
    });
    assert.deepEqual(await patch("Merge", { cost: "2" }), { a: "b", cost: "2" });
    assert.deepEqual(await patch("Delete", { A: "b", cost: "other" }), { cost: "2" });
    assert.deepEqual(await patch("Replace", { x: "y" }), { x: "y" });
    const group = await emulator.arm("GET", emulator.group);
    assert.deepEqual([group.json.tags, group.json.location], [{ x: "y" }, "westeurope"]);
    assert.equal((await emulator.arm("DELETE", path)).status, 200);
    assert.deepEqual((await emulator.arm("GET", emulator.group)).json.tags, {});
    assert.equal(
      (await emulator.arm("PATCH", path, { operation: "Add", properties: { tags: {} } })).status,
      400,
    );
    assert.equal((await emulator.arm("PUT", path, {})).status, 400);
  });
});
