import assert from "node:assert/strict";
import { CryptographyClient, KeyClient } from "@azure/keyvault-keys";
import { KEY_VAULT_AUDIENCE } from "../../../control-plane/identity";
import { startTestVaults, type TestVaults } from "../testing/test-vault";

describe("a vault's keys, through @azure/keyvault-keys", () => {
  let vaults: TestVaults;
  let address: string;
  let client: KeyClient;
  const options = { disableChallengeResourceVerification: true };
  before(async () => {
    vaults = await startTestVaults();
    address = await vaults.create("kv-keys");
    client = new KeyClient(address, vaults.credential, options);
  });
  after(() => vaults.stop());

  const post = (path: string, body: object) => {
    const { tokens, principals } = vaults.emulator.context;
    return vaults.emulator.call(`${address}keys/${path}?api-version=7.4`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${tokens.issue(principals.deployer, KEY_VAULT_AUDIENCE).token}`,
        "content-type": "application/json",
      },
      body: JSON.stringify(body),
    });
  };

  it("wrap and unwrap with RSA-OAEP-256, also after a newer version", async () => {
    const key = await client.createRsaKey("wrapping", { keySize: 2048, tags: { use: "state" } });
    assert.equal(key.id, `${address}keys/wrapping/${key.properties.version}`);
    assert.deepEqual(key.properties.tags, { use: "state" });
    const old = new CryptographyClient(key, vaults.credential, options);
    const { result } = await old.wrapKey("RSA-OAEP-256", Buffer.from("a data key"));
    const newer = await client.createRsaKey("wrapping");
    assert.notEqual(newer.id, key.id);
    assert.equal(Buffer.from((await old.unwrapKey("RSA-OAEP-256", result)).result).toString(), "a data key");
    const current = new CryptographyClient(newer, vaults.credential, options);
    await assert.rejects(current.unwrapKey("RSA-OAEP-256", result), {
      statusCode: 400,
      code: "BadParameter",
    });
    const versions: string[] = [];
    for await (const { version } of client.listPropertiesOfKeyVersions("wrapping"))
      versions.push(version ?? "");
    assert.deepEqual(versions, [key.properties.version, newer.properties.version]);
  });

  it("encrypt at the vault what they decrypt, without a version too", async () => {
    await client.createRsaKey("state");
    const value = Buffer.from("secret").toString("base64url");
    const { json: encrypted } = await post("state/encrypt", { alg: "RSA-OAEP-256", value });
    const { json: decrypted } = await post("state/decrypt", { alg: "RSA-OAEP-256", value: encrypted.value });
    assert.equal(Buffer.from(decrypted.value, "base64url").toString(), "secret");
    assert.equal((await post("state/encrypt", { alg: "RSA1_5", value })).status, 501);
  });

  it("refuse an operation that they are not for, are disabled for, or whose time is not now", async () => {
    const value = Buffer.from("x").toString("base64url");
    const refused = async (name: string, operation = "encrypt") => {
      const { status, json } = await post(`${name}/${operation}`, { alg: "RSA-OAEP", value });
      return [status, json.error?.innererror?.code];
    };
    await client.createRsaKey("narrow", { keyOps: ["encrypt"] });
    assert.deepEqual(await refused("narrow", "wrapKey"), [403, "KeyOperationForbidden"]);
    await client.createRsaKey("disabled", { enabled: false });
    assert.deepEqual(await refused("disabled"), [403, "KeyDisabled"]);
    await client.createRsaKey("expired", { expiresOn: new Date("2020-01-01") });
    assert.deepEqual(await refused("expired"), [403, "KeyExpired"]);
    await client.createRsaKey("early", { notBefore: new Date("2037-01-01") });
    assert.deepEqual(await refused("early"), [403, "KeyNotYetValid"]);
  });

  it("decrypt and unwrap after their time", async () => {
    await client.createRsaKey("over");
    const value = Buffer.from("x").toString("base64url");
    const { json: encrypted } = await post("over/encrypt", { alg: "RSA-OAEP", value });
    await client.updateKeyProperties("over", { expiresOn: new Date("2020-01-01") });
    for (const operation of ["decrypt", "unwrapkey"]) {
      const { status, json } = await post(`over/${operation}`, { alg: "RSA-OAEP", value: encrypted.value });
      assert.deepEqual([status, json.value], [200, value], operation);
    }
  });

  it("cannot be purged in a vault with purge protection", async () => {
    const kept = new KeyClient(
      await vaults.create("kv-keys-kept", { enablePurgeProtection: true }),
      vaults.credential,
      options,
    );
    await kept.createRsaKey("kept");
    await (await kept.beginDeleteKey("kept", { intervalInMs: 1 })).pollUntilDone();
    await assert.rejects(kept.purgeDeletedKey("kept"), { statusCode: 403, code: "Forbidden" });
    assert.equal((await kept.getDeletedKey("kept")).name, "kept");
  });

  it("are changed, deleted, recovered and purged", async () => {
    await client.createRsaKey("cycle");
    await client.updateKeyProperties("cycle", { tags: { a: "b" } });
    assert.deepEqual((await client.getKey("cycle")).properties.tags, { a: "b" });
    await (await client.beginDeleteKey("cycle", { intervalInMs: 1 })).pollUntilDone();
    await assert.rejects(client.getKey("cycle"), { statusCode: 404, code: "KeyNotFound" });
    await assert.rejects(client.createRsaKey("cycle"), { statusCode: 409, code: "Conflict" });
    await (await client.beginRecoverDeletedKey("cycle", { intervalInMs: 1 })).pollUntilDone();
    await (await client.beginDeleteKey("cycle", { intervalInMs: 1 })).pollUntilDone();
    const deleted: string[] = [];
    for await (const { name } of client.listDeletedKeys()) deleted.push(name);
    assert.deepEqual(deleted, ["cycle"]);
    await client.purgeDeletedKey("cycle");
    await client.createRsaKey("cycle");
    const names: string[] = [];
    for await (const { name } of client.listPropertiesOfKeys()) names.push(name);
    assert.ok(names.includes("cycle"));
  });

  it("refuse what they do not have by its name", async () => {
    await assert.rejects(client.createEcKey("curve"), { statusCode: 501, message: /type EC/ });
    await assert.rejects(client.rotateKey("state"), { statusCode: 501, message: /Rotate Key/ });
    await assert.rejects(client.backupKey("state"), { statusCode: 501, message: /Backup Key/ });
  });
});
