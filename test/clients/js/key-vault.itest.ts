import assert from "node:assert/strict";
import { CryptographyClient, KeyClient } from "@azure/keyvault-keys";
import { SecretClient } from "@azure/keyvault-secrets";
import { all, type ClientEmulator, createVault, fresh, startClientEmulator } from "../client-emulator";

describe("@azure/keyvault-secrets and @azure/keyvault-keys against the emulator", () => {
  let emulator: ClientEmulator;
  let address: string;
  const options = { disableChallengeResourceVerification: true };
  const quick = { intervalInMs: 1 };
  before(async () => {
    emulator = await startClientEmulator();
    address = await createVault(emulator);
  });
  after(() => emulator?.stop());

  it("set, get, list, update, delete, recover and purge a secret", async () => {
    const client = new SecretClient(address, emulator.credential, options);
    const name = fresh("secret-");
    const first = await client.setSecret(name, "one", { tags: { stage: "test" }, contentType: "text/plain" });
    assert.equal(`${first.properties.vaultUrl}/`, address);
    const second = await client.setSecret(name, "two", { expiresOn: new Date("2035-01-01T00:00:00Z") });
    assert.equal((await client.getSecret(name)).value, "two");
    const { version = "" } = first.properties;
    assert.equal((await client.getSecret(name, { version })).value, "one");
    const versions = await all(client.listPropertiesOfSecretVersions(name));
    assert.deepEqual(
      versions.map((each) => each.version).sort(),
      [first.properties.version, second.properties.version].sort(),
    );
    await client.updateSecretProperties(name, version, { enabled: false, tags: { stage: "old" } });
    await assert.rejects(client.getSecret(name, { version }), { statusCode: 403 });
    assert.ok((await all(client.listPropertiesOfSecrets())).some((each) => each.name === name));

    const deleted = await (await client.beginDeleteSecret(name, quick)).pollUntilDone();
    assert.ok(deleted.scheduledPurgeDate instanceof Date);
    await assert.rejects(client.getSecret(name), { statusCode: 404, code: "SecretNotFound" });
    await assert.rejects(client.setSecret(name, "three"), { statusCode: 409 });
    assert.ok((await all(client.listDeletedSecrets())).some((each) => each.name === name));
    await (await client.beginRecoverDeletedSecret(name, quick)).pollUntilDone();
    assert.equal((await client.getSecret(name)).value, "two");
    await (await client.beginDeleteSecret(name, quick)).pollUntilDone();
    await client.purgeDeletedSecret(name);
    await assert.rejects(client.getDeletedSecret(name), { statusCode: 404 });
    await client.setSecret(name, "again");
  });

  it("create, get, list, update, use, delete, recover and purge a key", async () => {
    const client = new KeyClient(address, emulator.credential, options);
    const name = fresh("key-");
    const key = await client.createKey(name, "RSA", { keySize: 2048, tags: { use: "test" } });
    assert.deepEqual((await client.getKey(name)).properties.tags, { use: "test" });
    const cryptography = new CryptographyClient(key, emulator.credential, options);
    const wrapped = await cryptography.wrapKey("RSA-OAEP-256", Buffer.from("data key"));
    await client.createKey(name, "RSA");
    const { result } = await cryptography.unwrapKey("RSA-OAEP-256", wrapped.result);
    assert.equal(Buffer.from(result).toString(), "data key");
    assert.equal((await all(client.listPropertiesOfKeyVersions(name))).length, 2);
    await client.updateKeyProperties(name, { enabled: false });
    assert.equal((await client.getKey(name)).properties.enabled, false);
    assert.ok((await all(client.listPropertiesOfKeys())).some((each) => each.name === name));

    await (await client.beginDeleteKey(name, quick)).pollUntilDone();
    await assert.rejects(client.getKey(name), { statusCode: 404 });
    assert.ok((await all(client.listDeletedKeys())).some((each) => each.name === name));
    await (await client.beginRecoverDeletedKey(name, quick)).pollUntilDone();
    await (await client.beginDeleteKey(name, quick)).pollUntilDone();
    await client.purgeDeletedKey(name);
    await assert.rejects(client.getDeletedKey(name), { statusCode: 404 });
  });
});
