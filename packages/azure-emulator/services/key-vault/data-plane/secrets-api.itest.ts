import assert from "node:assert/strict";
import type { SecretClient } from "@azure/keyvault-secrets";
import { KEY_VAULT_AUDIENCE } from "../../../control-plane/identity";
import { startTestVaults, type TestVaults } from "../testing/test-vault";

describe("a vault's secrets, through @azure/keyvault-secrets", () => {
  let vaults: TestVaults;
  let address: string;
  let client: SecretClient;
  before(async () => {
    vaults = await startTestVaults();
    address = await vaults.create("kv-secrets");
    client = vaults.secrets(address);
  });
  after(() => vaults.stop());

  const raw = (method: string, path: string, body?: object) => {
    const { tokens, principals } = vaults.emulator.context;
    return vaults.emulator.call(`${address}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${tokens.issue(principals.deployer, KEY_VAULT_AUDIENCE).token}`,
        "content-type": "application/json",
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  };
  const all = async <T>(list: AsyncIterable<T>) => {
    const found: T[] = [];
    for await (const item of list) found.push(item);
    return found;
  };

  it("have ids that are addresses of this vault", async () => {
    const { properties } = await client.setSecret("addressed", "x");
    assert.equal(properties.vaultUrl, address.slice(0, -1));
    assert.equal(properties.id, `${address}secrets/addressed/${properties.version}`);
    const { status, json } = await raw("GET", `secrets/addressed/${properties.version}?api-version=7.4`);
    assert.deepEqual([status, json.value], [200, "x"]);
    const other = await vaults.create("kv-other");
    await assert.rejects(vaults.secrets(other).getSecret("addressed"), { statusCode: 404 });
  });

  it("are found below //secrets, as .NET joins an address and a path", async () => {
    await client.setSecret("slashes", "x");
    assert.equal((await raw("GET", "/secrets/slashes/?api-version=7.4")).json?.value, "x");
  });

  it("are also found below the gateway, where earlier deployments look for them", async () => {
    await client.setSecret("earlier", "x");
    const { httpsUrl, tokens, principals } = vaults.emulator.context;
    const { token } = tokens.issue(principals.deployer, KEY_VAULT_AUDIENCE);
    const { json } = await vaults.emulator.call(
      `${httpsUrl}/keyvault/kv-secrets/secrets/earlier?api-version=7.4`,
      {
        headers: { authorization: `Bearer ${token}` },
      },
    );
    assert.equal(json.value, "x");
    assert.ok(json.id.startsWith(address));
  });

  it("keep tags, type and attributes of each version, and change them", async () => {
    const expiresOn = new Date("2030-01-01T00:00:00Z");
    await client.setSecret("rich", "one", { tags: { stage: "test" }, contentType: "text/plain", expiresOn });
    const first = await client.getSecret("rich");
    assert.deepEqual(first.properties.tags, { stage: "test" });
    assert.equal(first.properties.contentType, "text/plain");
    assert.deepEqual(first.properties.expiresOn, expiresOn);
    assert.equal(first.properties.recoveryLevel, "Recoverable+Purgeable");
    assert.equal(first.properties.recoverableDays, 90);
    const { version = "" } = first.properties;
    await client.setSecret("rich", "two");
    await client.updateSecretProperties("rich", version, { tags: { stage: "old" }, enabled: false });
    const versions = await all(client.listPropertiesOfSecretVersions("rich"));
    assert.deepEqual(
      versions.map(({ tags, enabled }) => [tags, enabled]),
      [
        [{ stage: "old" }, false],
        [undefined, true],
      ],
    );
    await assert.rejects(client.getSecret("rich", { version }), { statusCode: 403, code: "Forbidden" });
    assert.equal((await client.getSecret("rich")).value, "two");
  });

  it("can be read before and after their time: it is information only", async () => {
    await client.setSecret("past", "x", { expiresOn: new Date("2020-01-01T00:00:00Z") });
    await client.setSecret("future", "y", { notBefore: new Date("2040-01-01T00:00:00Z") });
    assert.equal((await client.getSecret("past")).value, "x");
    assert.equal((await client.getSecret("future")).value, "y");
  });

  it("are listed in pages, and the versions too", async () => {
    for (let at = 0; at < 5; at++) await client.setSecret("paged", `${at}`);
    const pages: number[] = [];
    for await (const page of client.listPropertiesOfSecretVersions("paged").byPage({ maxPageSize: 2 }))
      pages.push(page.length);
    assert.deepEqual(pages, [2, 2, 1]);
    const names = (await all(client.listPropertiesOfSecrets())).map(({ name }) => name);
    assert.ok(names.includes("paged") && names.includes("addressed"));
    assert.equal((await raw("GET", "secrets?api-version=7.4&maxresults=26")).status, 400);
    assert.equal((await raw("GET", "secrets?api-version=7.4&maxresults=0")).status, 400);
  });

  it("are deleted, listed as deleted, recovered and purged", async () => {
    await client.setSecret("gone", "x", { tags: { a: "b" } });
    const poller = await client.beginDeleteSecret("gone", { intervalInMs: 1 });
    const deleted = await poller.pollUntilDone();
    assert.ok(deleted.deletedOn instanceof Date && deleted.scheduledPurgeDate instanceof Date);
    assert.equal(deleted.recoveryId, `${address}deletedsecrets/gone`);
    await assert.rejects(client.getSecret("gone"), { statusCode: 404, code: "SecretNotFound" });
    await assert.rejects(client.setSecret("gone", "y"), { statusCode: 409, code: "Conflict" });
    const arm = await vaults.emulator.arm("PUT", `${vaults.idOf("kv-secrets")}/secrets/gone`, {
      properties: { value: "y" },
    });
    assert.equal(arm.status, 409);
    assert.deepEqual(
      (await all(client.listDeletedSecrets())).map(({ name }) => name),
      ["gone"],
    );
    const recovery = await client.beginRecoverDeletedSecret("gone", { intervalInMs: 1 });
    await recovery.pollUntilDone();
    assert.equal((await client.getSecret("gone")).value, "x");
    assert.deepEqual((await client.getSecret("gone")).properties.tags, { a: "b" });
    await (await client.beginDeleteSecret("gone", { intervalInMs: 1 })).pollUntilDone();
    await client.purgeDeletedSecret("gone");
    await assert.rejects(client.getDeletedSecret("gone"), { statusCode: 404 });
    assert.equal((await client.setSecret("gone", "z")).value, "z");
  });

  it("keep each of many versions that are set at once", async () => {
    await Promise.all(Array.from({ length: 10 }, (_, at) => client.setSecret("raced", `${at}`)));
    assert.equal((await all(client.listPropertiesOfSecretVersions("raced"))).length, 10);
  });

  it("cannot be purged in a vault with purge protection", async () => {
    const secrets = vaults.secrets(
      await vaults.create("kv-kept", { enablePurgeProtection: true, softDeleteRetentionInDays: 7 }),
    );
    const { properties } = await secrets.setSecret("kept", "x");
    assert.equal(properties.recoveryLevel, "CustomizedRecoverable");
    assert.equal(properties.recoverableDays, 7);
    await (await secrets.beginDeleteSecret("kept", { intervalInMs: 1 })).pollUntilDone();
    await assert.rejects(secrets.purgeDeletedSecret("kept"), { statusCode: 403, code: "Forbidden" });
    assert.equal((await secrets.getDeletedSecret("kept")).name, "kept");
  });

  it("are refused if they break Key Vault's rules", async () => {
    const set = (name: string, value: string, options = {}) => client.setSecret(name, value, options);
    const bad = { statusCode: 400, code: "BadParameter" };
    await assert.rejects(set("bad_name!", "x"), bad);
    await assert.rejects(set("n".repeat(128), "x"), bad);
    await set("large", "x".repeat(25 * 1024));
    await assert.rejects(set("large", "x".repeat(25 * 1024 + 1)), bad);
    const tags = Object.fromEntries(Array.from({ length: 16 }, (_, at) => [`t${at}`, "x"]));
    await assert.rejects(set("tagged", "x", { tags }), bad);
    const arm = (name: string, value: string) =>
      vaults.emulator.arm("PUT", `${vaults.idOf("kv-secrets")}/secrets/${name}`, { properties: { value } });
    assert.equal((await arm("bad_name", "x")).status, 400);
    assert.equal((await arm("large", "x".repeat(25 * 1024 + 1))).status, 400);
    assert.equal((await raw("GET", "secrets?api-version=9.9")).json.error.code, "BadParameter");
  });

  it("refuse what they do not have by its name", async () => {
    await assert.rejects(client.backupSecret("paged"), { statusCode: 501, message: /Backup Secret/ });
    await assert.rejects(client.restoreSecretBackup(Buffer.from("x")), {
      statusCode: 501,
      message: /Restore Secret/,
    });
    const { status, json } = await raw("GET", "certificates?api-version=7.4");
    assert.deepEqual([status, json.error.code], [501, "NotImplemented"]);
    assert.match(json.error.message, /certificates/);
  });
});
