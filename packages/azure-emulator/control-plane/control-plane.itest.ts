import assert from "node:assert/strict";
import type { PutRequest } from "./local-service";
import { startTestEmulator, type TestEmulator, testType } from "./testing/test-emulator";

const CONTRIBUTOR = "673868aa-7521-48a0-acc6-0f60742d39f5";

describe("control plane", () => {
  let emulator: TestEmulator;
  const events: string[] = [];
  let onPut: (request: PutRequest) => Promise<object> = async () => ({});
  beforeEach(async () => {
    events.length = 0;
    onPut = async () => ({});
    const type = (name: string) => ({
      type: name,
      put: (request: PutRequest) => onPut(request),
      delete: async ({ name: deleted }: { name: string }) => void events.push(`delete ${deleted}`),
    });
    const names = ["Microsoft.Test/things", "Microsoft.Test/things/parts"];
    emulator = await startTestEmulator(
      () => [{ name: "test", resourceTypes: names.map(type) }],
      undefined,
      names.map((name) => testType(name)),
    );
  });
  afterEach(() => emulator.stop());

  const id = (path: string) => `${emulator.group}/providers/${path}`;
  const put = (path: string, body: object = {}) =>
    emulator.controlPlane.put(id(path), body, emulator.context.principals.deployer);
  const remove = (resourceId: string) =>
    emulator.controlPlane.delete(resourceId, emulator.context.principals.deployer);

  it("merges what the service returns over the body and stores nothing after a failed PUT", async () => {
    onPut = async () => ({ kind: "made", properties: { state: "Running" } });
    const made = await put("Microsoft.Test/things/a", {
      location: "westeurope",
      properties: { size: 1, state: "Asked" },
    });
    assert.deepEqual(made, {
      id: id("Microsoft.Test/things/a"),
      type: "Microsoft.Test/things",
      name: "a",
      location: "westeurope",
      kind: "made",
      properties: { size: 1, state: "Running" },
    });
    onPut = async () => {
      throw new Error("no");
    };
    await assert.rejects(put("Microsoft.Test/things/b"));
    assert.equal(emulator.context.resources.get(id("Microsoft.Test/things/b")), undefined);
  });

  it("deletes children before parents, and a group with everything in it", async () => {
    await put("Microsoft.Test/things/a");
    await put("Microsoft.Test/things/a/parts/p");
    await remove(emulator.group);
    assert.deepEqual(events, ["delete p", "delete a"]);
    assert.deepEqual(emulator.context.resources.list(), []);
    await remove(emulator.group);
  });

  it("creates identities, removes them with their resource, and refuses unknown ones", async () => {
    const user = await put("Microsoft.ManagedIdentity/userAssignedIdentities/user", {
      location: "westeurope",
    });
    const identity = { type: "SystemAssigned,UserAssigned", userAssignedIdentities: { [user.id]: {} } };
    const thing = await put("Microsoft.Test/things/a", { identity });
    const { principalId = "" } = thing.identity ?? {};
    assert.equal(emulator.context.principals.byObjectId(principalId)?.displayName, "a");
    assert.deepEqual(thing.identity?.userAssignedIdentities?.[user.id], {
      principalId: user.properties.principalId,
      clientId: user.properties.clientId,
    });
    const list = { type: "UserAssigned", userAssignedIdentities: [user.id] };
    const listed = await put("Microsoft.Test/things/b", { identity: list });
    assert.deepEqual(Object.keys(listed.identity?.userAssignedIdentities ?? {}), [user.id]);
    const unknown = { type: "UserAssigned", userAssignedIdentities: { "/none": {} } };
    await assert.rejects(put("Microsoft.Test/things/c", { identity: unknown }), {
      code: "FailedIdentityOperation",
    });
    await put("Microsoft.ManagedIdentity/userAssignedIdentities/user", { location: "westeurope" });
    assert.ok(emulator.context.principals.byObjectId(String(user.properties.principalId)));
    await put("Microsoft.Test/things/a", {});
    assert.equal(emulator.context.principals.byObjectId(principalId), undefined);
    await put("Microsoft.Test/things/a", { identity });
    assert.ok(emulator.context.principals.byObjectId(principalId));
    await remove(thing.id);
    assert.equal(emulator.context.principals.byObjectId(principalId), undefined);
  });

  it("enforces a role from its assignment until its removal", async () => {
    const { context, controlPlane } = emulator;
    const caller = await put("Microsoft.Test/things/caller", { identity: { type: "SystemAssigned" } });
    const principal = context.principals.ofResource(caller.id, "caller");
    const target = id("Microsoft.Test/things/target");
    await assert.rejects(controlPlane.put(target, {}, principal), { status: 403 });
    const roleId = "11111111-2222-4333-8444-555555555555";
    const role = `${emulator.group}/providers/Microsoft.Authorization/roleDefinitions/${roleId}`;
    const definition = {
      roleName: "Thing maker",
      permissions: [{ actions: ["Microsoft.Test/things/write"] }],
    };
    await controlPlane.put(role, { properties: definition }, context.principals.deployer);
    const assignment = `${emulator.group}/providers/Microsoft.Authorization/roleAssignments/22222222-3333-4444-8555-666666666666`;
    const properties = { principalId: principal.objectId, roleDefinitionId: role };
    await controlPlane.put(assignment, { properties }, context.principals.deployer);
    await controlPlane.put(target, {}, principal);
    await assert.rejects(controlPlane.delete(target, principal), /things\/delete/);
    await assert.rejects(remove(role), { code: "RoleDefinitionHasAssignments" });
    await remove(assignment);
    await assert.rejects(controlPlane.put(target, {}, principal), { status: 403 });
    await remove(role);
  });

  it("refuses assignments that Azure refuses", async () => {
    const { context, controlPlane } = emulator;
    const assign = (name: string, properties: Record<string, unknown>) =>
      controlPlane.put(
        `${emulator.group}/providers/Microsoft.Authorization/roleAssignments/${name}`,
        { properties },
        context.principals.deployer,
      );
    const [a, b] = ["1", "2"].map((digit) => "11111111-2222-4333-8444-55555555555".concat(digit)) as [
      string,
      string,
    ];
    const principalId = context.principals.deployer.objectId;
    const roleDefinitionId = `/x/${CONTRIBUTOR}`;
    await assert.rejects(assign(a, { principalId: "none", roleDefinitionId }), {
      code: "PrincipalNotFound",
    });
    await assert.rejects(assign(a, { principalId, roleDefinitionId: "/x/none" }), {
      code: "RoleDefinitionDoesNotExist",
    });
    await assign(a, { principalId, roleDefinitionId });
    await assign(a, { principalId, roleDefinitionId });
    await assert.rejects(assign(b, { principalId, roleDefinitionId }), { code: "RoleAssignmentExists" });
  });

  it("refuses to change the location of an existing resource", async () => {
    await put("Microsoft.Test/things/a", { location: "West Europe" });
    await put("Microsoft.Test/things/a", { location: "westeurope" });
    await assert.rejects(put("Microsoft.Test/things/a", { location: "northeurope" }), {
      code: "InvalidResourceLocation",
    });
  });
});
