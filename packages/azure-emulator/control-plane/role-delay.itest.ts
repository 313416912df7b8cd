import assert from "node:assert/strict";
import { startTestEmulator, type TestEmulator, testType } from "./testing/test-emulator";

const READER = "acdd72a7-3385-48ef-bd42-f606fba81ae7";
const CONTRIBUTOR = "b24988ac-6180-42a0-ab88-20f7382dd24c";
const TYPE = "Microsoft.Test/things";

describe("a new role assignment", () => {
  let emulator: TestEmulator | undefined;
  afterEach(() => emulator?.stop());

  async function start(seed: string, refusals: number) {
    emulator = await startTestEmulator(
      () => [{ name: "test", resourceTypes: [{ type: TYPE }] }],
      undefined,
      [testType(TYPE)],
      { roleDelay: { refusals, seed } },
    );
    return emulator;
  }
  /** How often a new identity with the role is refused before it may read. */
  async function refused(
    { controlPlane, context, group }: TestEmulator,
    role: string,
    name: string = crypto.randomUUID(),
  ) {
    const id = `${group}/providers/${TYPE}/${name}`;
    await controlPlane.put(id, { identity: { type: "SystemAssigned" } }, context.principals.deployer);
    const principal = context.principals.ofResource(id, name);
    const assignment = `${group}/providers/Microsoft.Authorization/roleAssignments/${crypto.randomUUID()}`;
    const properties = { principalId: principal.objectId, roleDefinitionId: `/x/${role}` };
    await controlPlane.put(assignment, { properties }, context.principals.deployer);
    // A list leaves out what may not be read yet, and a repeated PUT does not begin again; neither counts.
    assert.equal(context.access.granted(principal, "Microsoft.Test/things/read", id), true);
    await controlPlane.put(assignment, { properties }, context.principals.deployer);
    for (let count = 0; count < 100; count++) {
      const may = context.access.allows(principal, "Microsoft.Test/things/read", id);
      try {
        await controlPlane.get(id, principal);
        assert.ok(may);
        return count;
      } catch (error) {
        assert.match((error as Error).message, /If access was recently granted/);
        assert.ok(!may);
      }
    }
    return 100;
  }

  it("does not know a new definition for a number of requests", async () => {
    const running = await start("one", 3);
    const { group, controlPlane, context } = running;
    const id = `${group}/providers/${TYPE}/holder`;
    await controlPlane.put(id, { identity: { type: "SystemAssigned" } }, context.principals.deployer);
    const principalId = context.principals.ofResource(id, "holder").objectId;
    const authorization = `${group}/providers/Microsoft.Authorization`;
    const definition = `${authorization}/roleDefinitions/${crypto.randomUUID()}`;
    const role = { roleName: "Fresh", permissions: [{ actions: ["*/read"] }] };
    const status = async (method: "GET" | "PUT", path: string, properties?: object) =>
      (await running.arm(method, path, properties && { properties })).status;
    assert.equal(await status("PUT", definition, role), 201);
    const assignment = `${authorization}/roleAssignments/${crypto.randomUUID()}`;
    const assign = () => status("PUT", assignment, { principalId, roleDefinitionId: definition });
    const first = [await status("GET", definition), await assign(), await assign(), await assign()];
    assert.deepEqual(first, [404, 404, 404, 404]);
    assert.equal(await assign(), 201);
    // A changed definition is known.
    await status("PUT", definition, { ...role, roleName: "Changed" });
    assert.equal(await status("GET", definition), 200);
  });

  it("refuses what a new assignment grants, a number of times, and then no longer", async () => {
    const running = await start("one", 50);
    const counts = [
      await refused(running, READER),
      await refused(running, READER),
      await refused(running, CONTRIBUTOR),
    ];
    for (const count of counts) assert.ok(count >= 1 && count <= 50, String(count));
    assert.equal(counts[0], counts[1]);
    await running.stop();
    const again = await start("one", 50);
    assert.deepEqual(
      [await refused(again, READER), await refused(again, CONTRIBUTOR)],
      [counts[0], counts[2]],
    );
    await again.stop();
    assert.notDeepEqual(await refused(await start("two", 50), READER), counts[0]);
  });

  it("acts at once if there is no delay", async () => {
    assert.equal(await refused(await start("one", 0), READER), 0);
  });

  it("ends at once when it is removed, and begins again when it comes back", async () => {
    const { controlPlane, context, group } = await start("one", 1);
    const id = `${group}/providers/${TYPE}/back`;
    const { deployer } = context.principals;
    await controlPlane.put(id, { identity: { type: "SystemAssigned" } }, deployer);
    const principal = context.principals.ofResource(id, "back");
    const assignment = `${group}/providers/Microsoft.Authorization/roleAssignments/${crypto.randomUUID()}`;
    const properties = { principalId: principal.objectId, roleDefinitionId: `/x/${READER}` };
    for (let round = 0; round < 2; round++) {
      await controlPlane.put(assignment, { properties }, deployer);
      await assert.rejects(controlPlane.get(id, principal), { status: 403 });
      assert.ok(await controlPlane.get(id, principal));
      await controlPlane.delete(assignment, deployer);
      await assert.rejects(controlPlane.get(id, principal), /does not have authorization/);
    }
  });
});
