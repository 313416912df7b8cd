import assert from "node:assert/strict";
import { startTestEmulator, type TestEmulator } from "./testing/test-emulator";

describe("the permissions at a resource", () => {
  let emulator: TestEmulator;
  before(async () => {
    emulator = await startTestEmulator(() => []);
  });
  after(() => emulator?.stop());

  it("are those of the caller's roles there", async () => {
    const path = `${emulator.group}/providers/Microsoft.Authorization/permissions`;
    const { status, json } = await emulator.arm("GET", path);
    assert.equal(status, 200);
    assert.deepEqual(json.value, [{ actions: ["*"], notActions: [], dataActions: [], notDataActions: [] }]);
  });

  it("are none of what does not exist", async () => {
    const nowhere = `${emulator.group}-none/providers/Microsoft.Authorization/permissions`;
    assert.equal((await emulator.arm("GET", nowhere)).status, 404);
  });
});
