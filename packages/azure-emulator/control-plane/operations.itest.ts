import assert from "node:assert/strict";
import { ARM_AUDIENCE } from "./identity";
import { addApplication } from "./testing/applications";
import { startTestEmulator, type TestEmulator, type TestReply, testType } from "./testing/test-emulator";

const READER = "acdd72a7-3385-48ef-bd42-f606fba81ae7";

describe("operations that end later", () => {
  let emulator: TestEmulator;
  let fails = false;
  /** A deletion waits until this is called. */
  let finish: () => void;
  before(async () => {
    const type = "Microsoft.Test/slow";
    const service = {
      name: "test",
      resourceTypes: [
        {
          type,
          delete: async () => {
            await new Promise<void>((resolve) => {
              finish = resolve;
            });
            if (fails) throw new Error("it broke");
          },
        },
      ],
    };
    const described = testType(type, {
      putStatus: { created: 202, updated: 200 },
      operations: { results: "slowResults", statuses: "slowStatuses" },
      deletedLater: true,
    });
    emulator = await startTestEmulator(() => [service], undefined, [described], {
      roleDelay: { refusals: 0 },
    });
  });
  after(() => emulator.stop());

  const poll = (reply: TestReply, header: string) =>
    emulator.arm("GET", String(reply.headers[header]).slice(emulator.context.httpsUrl.length));
  /** The status once the operation has ended. */
  const ended = async (reply: TestReply): Promise<TestReply> => {
    const status = await poll(reply, "azure-asyncoperation");
    return status.json.status === "InProgress" ? ended(reply) : status;
  };
  const thing = (name: string) => `${emulator.group}/providers/Microsoft.Test/slow/${name}`;

  it("shows an operation only to whom the role lets read operations", async () => {
    const { arm, context, group } = emulator;
    const reply = await arm("PUT", thing("polled"), { location: "westeurope" });
    const someone = await addApplication(context, "someone");
    const { token } = context.tokens.issue(someone, ARM_AUDIENCE);
    const asSomeone = (header: string) =>
      arm("GET", String(reply.headers[header]).slice(context.httpsUrl.length), undefined, token);
    for (const [header, segment] of [
      ["location", "slowResults"],
      ["azure-asyncoperation", "slowStatuses"],
    ] as const) {
      const refused = await asSomeone(header);
      assert.equal(refused.status, 403);
      assert.match(
        refused.json.error.message,
        new RegExp(`'Microsoft.Test/locations/${segment}/read' over scope '${group}'`),
      );
    }
    await arm("PUT", `${group}/providers/Microsoft.Authorization/roleAssignments/${crypto.randomUUID()}`, {
      properties: { principalId: someone.objectId, roleDefinitionId: `/x/${READER}` },
    });
    assert.equal((await asSomeone("azure-asyncoperation")).status, 200);
    const { controlPlane } = emulator;
    const writer = await addApplication(context, "writer");
    const role = `${group}/providers/Microsoft.Authorization/roleDefinitions/${crypto.randomUUID()}`;
    const actions = ["Microsoft.Test/slow/write"];
    await arm("PUT", role, { properties: { roleName: "writes only", permissions: [{ actions }] } });
    await arm("PUT", `${group}/providers/Microsoft.Authorization/roleAssignments/${crypto.randomUUID()}`, {
      properties: { principalId: writer.objectId, roleDefinitionId: role },
    });
    // Who deploys waits, and so polls.
    await assert.rejects(controlPlane.put(thing("awaited"), { location: "westeurope" }, writer), {
      message: /'Microsoft.Test\/locations\/slowStatuses\/read'/,
    });
  });

  it("accepts what ends later, and says where it ends and how", async () => {
    const reply = await emulator.arm("PUT", thing("a"), { location: "West Europe", properties: { size: 1 } });
    assert.equal(reply.status, 202);
    assert.equal(reply.text, "");
    assert.equal(reply.headers["retry-after"], "1");
    assert.match(
      String(reply.headers.location),
      /\/providers\/Microsoft\.Test\/locations\/westeurope\/slowResults\//,
    );
    const status = await poll(reply, "azure-asyncoperation");
    assert.equal(status.json.status, "Succeeded");
    assert.ok(Date.parse(status.json.endTime) >= Date.parse(status.json.startTime));
    assert.equal((await poll(reply, "location")).json.properties.size, 1);
    assert.equal((await emulator.arm("PUT", thing("a"), { location: "westeurope" })).status, 200);
    const unknown = String(reply.headers.location)
      .slice(emulator.context.httpsUrl.length)
      .replace(/[0-9a-f-]{36}\?/, "none?");
    assert.equal((await emulator.arm("GET", unknown)).json.error.code, "OperationNotFound");
  });

  it("answers a deleted role assignment, and nothing for one that is not there", async () => {
    const id = `${emulator.group}/providers/Microsoft.Authorization/roleAssignments/${crypto.randomUUID()}`;
    const { objectId: principalId } = emulator.context.principals.deployer;
    const properties = { principalId, roleDefinitionId: "/x/acdd72a7-3385-48ef-bd42-f606fba81ae7" };
    assert.equal((await emulator.arm("PUT", id, { properties })).status, 201);
    const deleted = await emulator.arm("DELETE", id);
    assert.equal(deleted.status, 200);
    assert.equal(deleted.json.properties.principalId, principalId);
    const again = await emulator.arm("DELETE", id);
    assert.deepEqual([again.status, again.text], [204, ""]);
  });

  it("deletes later, and ends with nothing", async () => {
    await emulator.arm("PUT", thing("b"), {});
    const reply = await emulator.arm("DELETE", thing("b"));
    assert.equal(reply.status, 202);
    assert.equal((await poll(reply, "location")).status, 202);
    assert.equal((await poll(reply, "azure-asyncoperation")).json.status, "InProgress");
    finish();
    assert.equal((await ended(reply)).json.status, "Succeeded");
    const end = await poll(reply, "location");
    assert.equal(end.status, 200);
    assert.equal(end.text, "");
    assert.equal((await emulator.arm("GET", thing("b"))).status, 404);
    assert.equal((await emulator.arm("DELETE", thing("b"))).status, 204);
  });

  it("tells a failure of what was accepted to whoever polls", async () => {
    await emulator.arm("PUT", thing("c"), {});
    fails = true;
    const reply = await emulator.arm("DELETE", thing("c"));
    finish();
    const status = await ended(reply);
    assert.equal(status.status, 200);
    assert.equal(status.json.status, "Failed");
    assert.equal(status.json.error.message, "it broke");
    assert.equal((await poll(reply, "location")).status, 500);
    fails = false;
  });

  it("deletes a group later: until then it is being deleted, and takes nothing new", async () => {
    await emulator.arm("PUT", thing("d"), {});
    const reply = await emulator.arm("DELETE", emulator.group);
    assert.equal(reply.status, 202);
    assert.match(String(reply.headers.location), /\/operationresults\//);
    assert.equal(reply.headers["azure-asyncoperation"], undefined);
    const group = await emulator.arm("GET", emulator.group);
    assert.equal(group.json.properties.provisioningState, "Deleting");
    assert.equal((await emulator.arm("PUT", thing("e"), {})).json.error.code, "ResourceGroupBeingDeleted");
    // c is still there, and is deleted before or after d.
    while ((await poll(reply, "location")).status === 202) finish();
    assert.equal((await emulator.arm("GET", emulator.group)).json.error.code, "ResourceGroupNotFound");
    const again = await emulator.arm("DELETE", emulator.group);
    assert.equal(again.status, 404);
    assert.equal(again.json.error.code, "ResourceGroupNotFound");
  });
});
