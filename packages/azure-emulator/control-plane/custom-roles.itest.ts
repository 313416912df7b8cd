import assert from "node:assert/strict";
import { startTestEmulator, type TestEmulator } from "./testing/test-emulator";

describe("a custom role", () => {
  let emulator: TestEmulator;
  before(async () => {
    emulator = await startTestEmulator(() => []);
  });
  after(() => emulator.stop());

  const status = async (method: "GET" | "DELETE", path: string) => (await emulator.arm(method, path)).status;

  /** A role that can be assigned in a group of its own. @returns where it was made, and the id that it has */
  async function make() {
    const { subscriptionId } = emulator.context;
    const group = `/subscriptions/${subscriptionId}/resourceGroups/rg-${crypto.randomUUID()}`;
    await emulator.arm("PUT", group, { location: "westeurope" });
    const guid = crypto.randomUUID();
    const place = `${group}/providers/Microsoft.Authorization/roleDefinitions/${guid}`;
    const properties = { roleName: guid, permissions: [{ actions: ["*/read"] }] };
    const { json } = await emulator.arm("PUT", place, { properties });
    return { group, place, guid, id: String(json.id) };
  }

  it("has an id of its subscription, by which it is read", async () => {
    const { place, guid, id } = await make();
    const { subscriptionId } = emulator.context;
    assert.equal(
      id,
      `/subscriptions/${subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/${guid}`,
    );
    assert.equal((await emulator.arm("GET", id)).json.id, id);
    assert.equal((await emulator.arm("GET", place)).json.id, id);
    const collection = place.slice(0, place.lastIndexOf("/"));
    const { value } = (await emulator.arm("GET", collection)).json as {
      value: { name: string; id: string }[];
    };
    assert.equal(value.find(({ name }) => name === guid)?.id, id);
  });

  it("is deleted at its own scope only", async () => {
    const { place, id } = await make();
    assert.equal(await status("DELETE", id), 204);
    assert.equal(await status("GET", id), 200);
    assert.equal(await status("DELETE", place), 200);
    assert.equal(await status("GET", id), 404);
  });

  it("stays when its resource group goes", async () => {
    const { group, place, id } = await make();
    await emulator.controlPlane.delete(group, emulator.context.principals.deployer);
    assert.equal(await status("GET", id), 200);
    // Nothing is found below a group that is gone, so nothing deletes the role any more.
    assert.equal(await status("DELETE", place), 404);
    assert.equal(await status("GET", id), 200);
  });
});
