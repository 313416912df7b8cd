import assert from "node:assert/strict";
import { startTestEmulator } from "../../../control-plane/testing/test-emulator";
import { createKeyVaultService } from "..";
import { startTestVaults, type TestVaults } from "../testing/test-vault";

describe("a deleted vault", () => {
  let vaults: TestVaults;
  before(async () => {
    vaults = await startTestVaults();
  });
  after(() => vaults.stop());

  const deletedVault = (name: string, action = "") => {
    const { subscriptionId } = vaults.emulator.context;
    return `/subscriptions/${subscriptionId}/providers/Microsoft.KeyVault/locations/westeurope/deletedVaults/${name}${action}`;
  };

  it("keeps its name, and comes back with its secrets", async () => {
    const { arm, context } = vaults.emulator;
    const address = await vaults.create("kv-back", { enablePurgeProtection: true });
    const client = vaults.secrets(address);
    await client.setSecret("word", "one");
    await client.setSecret("word", "two");
    await client.setSecret("deleted", "x");
    await (await client.beginDeleteSecret("deleted", { intervalInMs: 1 })).pollUntilDone();
    assert.equal((await arm("DELETE", vaults.idOf("kv-back"))).status, 200);

    const again = await vaults.put("kv-back", { enablePurgeProtection: true });
    assert.deepEqual([again.status, again.json.error.code], [409, "ConflictError"]);
    const { json } = await arm("GET", deletedVault("kv-back"));
    assert.equal(json.properties.vaultId, vaults.idOf("kv-back"));
    assert.equal(json.properties.purgeProtectionEnabled, true);
    const list = await arm(
      "GET",
      `/subscriptions/${context.subscriptionId}/providers/Microsoft.KeyVault/deletedVaults`,
    );
    assert.deepEqual(
      list.json.value.map(({ name }: { name: string }) => name),
      ["kv-back"],
    );
    const modules = `/subscriptions/${context.subscriptionId}/providers/Microsoft.KeyVault/deletedManagedHSMs`;
    assert.deepEqual((await arm("GET", modules)).json.value, []);
    const purge = await arm("POST", deletedVault("kv-back", "/purge"));
    assert.deepEqual([purge.status, purge.json.error.code], [405, "MethodNotAllowed"]);

    const recovered = await vaults.put("kv-back", { createMode: "recover" });
    assert.equal(recovered.json.properties.vaultUri, address);
    assert.equal(recovered.json.properties.enablePurgeProtection, true);
    assert.equal((await client.getSecret("word")).value, "two");
    assert.equal((await client.getDeletedSecret("deleted")).name, "deleted");
    assert.equal((await arm("GET", deletedVault("kv-back"))).status, 404);
  });

  it("is gone for good once it is purged", async () => {
    const { arm } = vaults.emulator;
    const client = vaults.secrets(await vaults.create("kv-purged"));
    await client.setSecret("word", "one");
    await arm("DELETE", vaults.idOf("kv-purged"));
    assert.equal((await arm("POST", deletedVault("kv-purged", "/purge"))).status, 200);
    assert.equal((await arm("GET", deletedVault("kv-purged"))).status, 404);
    assert.equal((await vaults.put("kv-purged", { createMode: "recover" })).status, 404);
    await vaults.create("kv-purged");
    await assert.rejects(client.getSecret("word"), { statusCode: 404, code: "SecretNotFound" });
    await client.setSecret("word", "two");
  });

  it("is deleted with its group, and survives a restart", async () => {
    const first = await startTestEmulator((context) => [createKeyVaultService(context)]);
    const vault = `${first.group}/providers/Microsoft.KeyVault/vaults/kv-group`;
    const properties = {
      tenantId: first.context.tenantId,
      sku: { family: "A", name: "standard" },
      enableRbacAuthorization: true,
    };
    const body = { location: "westeurope", properties };
    await first.arm("PUT", vault, body);
    await first.arm("PUT", `${vault}/secrets/word`, { properties: { value: "x" } });
    await first.controlPlane.delete(first.group, first.context.principals.deployer);
    await first.close();
    const second = await startTestEmulator(
      (context) => [createKeyVaultService(context)],
      first.context.folder,
    );
    try {
      assert.equal((await second.arm("PUT", vault, body)).status, 409);
      const recover = { ...body, properties: { ...body.properties, createMode: "recover" } };
      assert.equal((await second.arm("PUT", vault, recover)).status, 201);
      assert.equal((await second.arm("GET", `${vault}/secrets/word`)).status, 200);
    } finally {
      await second.stop();
    }
  });
});
