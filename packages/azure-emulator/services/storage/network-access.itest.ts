import assert from "node:assert/strict";
import { httpsCall } from "../../control-plane/https-call";
import { STORAGE_AUDIENCE } from "../../control-plane/identity";
import { startTestEmulator, type TestEmulator } from "../../control-plane/testing/test-emulator";
import { createNetworkService } from "../network";
import { makePrivateNetwork } from "../network/testing/private-network";
import { createStorageService } from ".";

const OWNER = "b7e6dc6d-f1e8-4753-8033-0f276bb0955b";

describe("reaching a storage account", () => {
  let emulator: TestEmulator;
  before(async () => {
    emulator = await startTestEmulator((context) => [
      createStorageService(context),
      createNetworkService(context),
    ]);
  });
  after(() => emulator.stop());

  it("answers what comes by an approved private endpoint only", async () => {
    const { context, group } = emulator;
    const network = await makePrivateNetwork(emulator, group);
    const account = `${group}/providers/Microsoft.Storage/storageAccounts/reachstore`;
    const set = async (properties: object) => {
      const body = { location: "westeurope", kind: "StorageV2", sku: { name: "Standard_LRS" }, properties };
      const answer = await emulator.arm("PUT", account, body);
      assert.ok(answer.status < 300, answer.text);
    };
    await set({});
    await emulator.arm(
      "PUT",
      `${account}/providers/Microsoft.Authorization/roleAssignments/${crypto.randomUUID()}`,
      {
        properties: { roleDefinitionId: `/x/${OWNER}`, principalId: context.principals.deployer.objectId },
      },
    );
    const endpoints = context.resources.get(account)?.properties.primaryEndpoints;
    const { blob = "" } = (endpoints ?? {}) as { readonly blob?: string };
    const list = async (localAddress?: string) => {
      const { token } = context.tokens.issue(context.principals.deployer, STORAGE_AUDIENCE);
      const headers = { authorization: `Bearer ${token}`, "x-ms-version": "2023-11-03" };
      const answer = await httpsCall(`${blob}?comp=list`, context.certificates.ca, { headers, localAddress });
      return { status: answer.status, code: answer.headers["x-ms-error-code"], text: answer.body.toString() };
    };
    const runner = await network.from("runners");
    const closed = async (address?: string) => {
      const { status, code, text } = await list(address);
      assert.deepEqual([status, code], [403, "AuthorizationFailure"], text);
      assert.match(text, /This request is not authorized to perform this operation\./);
    };
    assert.equal((await list()).status, 200);

    await set({ publicNetworkAccess: "Disabled" });
    await closed();
    await closed(runner);
    await network.endpoint("pe-blob", account, "blob", { zone: await network.zone(account, "blob") });
    assert.equal((await list(runner)).status, 200);
    await closed();

    // By the firewall; an endpoint of another group does not open the blobs.
    await set({ networkAcls: { defaultAction: "Deny", bypass: "None" } });
    await closed();
    assert.equal((await list(runner)).status, 200);
    await emulator.controlPlane.delete(
      `${group}/providers/Microsoft.Network/privateEndpoints/pe-blob`,
      context.principals.deployer,
    );
    await network.endpoint("pe-file", account, "file", { zone: await network.zone(account, "file") });
    await closed(runner);
  });
});
