import assert from "node:assert/strict";
import tls from "node:tls";
import { ClientSecretCredential } from "@azure/identity";
import { SecretClient } from "@azure/keyvault-secrets";
import { startTestEmulator, type TestEmulator } from "../../control-plane/testing/test-emulator";
import { createKeyVaultService } from ".";

const OFFICER = "b86a8fe4-44ce-4948-aee5-eccb2c155cd7";
const USER = "4633458b-17de-408a-b874-0445c86b69e6";

describe("key vault", () => {
  let emulator: TestEmulator;
  let vault: string;
  const trusted = tls.getCACertificates("default");
  const properties = {
    tenantId: "00000000-0000-0000-0000-000000000000",
    sku: { family: "A", name: "standard" },
    enableRbacAuthorization: true,
    enablePurgeProtection: true,
  };

  before(async () => {
    emulator = await startTestEmulator((context) => [createKeyVaultService(context)]);
    tls.setDefaultCACertificates([...trusted, emulator.context.certificates.ca]);
    vault = `${emulator.group}/providers/Microsoft.KeyVault/vaults/kv-test`;
    await emulator.arm("PUT", vault, { location: "westeurope", properties });
  });
  after(async () => {
    tls.setDefaultCACertificates(trusted);
    await emulator.stop();
  });

  const address = () => String(emulator.context.resources.get(vault)?.properties.vaultUri);
  const client = () => {
    const { httpsUrl, tenantId, principals } = emulator.context;
    const { clientId, secret } = principals.deployer;
    const credential = new ClientSecretCredential(tenantId, clientId, secret, {
      authorityHost: httpsUrl,
      disableInstanceDiscovery: true,
    });
    return new SecretClient(address(), credential, { disableChallengeResourceVerification: true });
  };
  const grant = async (role: string, principalId = emulator.context.principals.deployer.objectId) => {
    const id = `${vault}/providers/Microsoft.Authorization/roleAssignments/${crypto.randomUUID()}`;
    const answer = await emulator.arm("PUT", id, {
      properties: { roleDefinitionId: `/x/${role}`, principalId },
    });
    assert.equal(answer.status, 201, answer.text);
    return id;
  };

  it("never shows a value through Resource Manager, and creates a version only for a change", async () => {
    const put = (value: string) => emulator.arm("PUT", `${vault}/secrets/word`, { properties: { value } });
    const first = await put("one");
    assert.equal(first.status, 201);
    assert.doesNotMatch(first.text, /"one"|versions/);
    assert.doesNotMatch((await emulator.arm("GET", `${vault}/secrets/word`)).text, /"one"/);
    const version = first.json.properties.secretUriWithVersion;
    assert.equal((await put("one")).json.properties.secretUriWithVersion, version);
    assert.notEqual((await put("two")).json.properties.secretUriWithVersion, version);
  });

  it("answers Microsoft's client if it has a role, and refuses it otherwise", async () => {
    await assert.rejects(client().getSecret("word"), /getSecret\/action/);
    const assignment = await grant(USER);
    assert.equal((await client().getSecret("word")).value, "two");
    await assert.rejects(client().setSecret("word", "three"), /setSecret\/action/);
    await emulator.arm("DELETE", assignment);
    await assert.rejects(client().getSecret("word"), /getSecret\/action/);
  });

  it("sets, reads by version, lists and deletes for an officer", async () => {
    const assignment = await grant(OFFICER);
    const set = await client().setSecret("other", "first", { contentType: "text/plain" });
    await client().setSecret("other", "second");
    const { version = "" } = set.properties;
    const older = await client().getSecret("other", { version });
    assert.equal(older.value, "first");
    assert.equal(older.properties.contentType, "text/plain");
    const names: string[] = [];
    for await (const { name } of client().listPropertiesOfSecrets()) names.push(name);
    assert.deepEqual(names.sort(), ["other", "word"]);
    await client().beginDeleteSecret("other");
    await assert.rejects(client().getSecret("other"), /SecretNotFound|was not found/);
    await emulator.arm("DELETE", assignment);
  });

  it("requires a token for the vault's audience, with the challenge that clients read", async () => {
    const url = `${address()}secrets/word?api-version=7.4`;
    const answer = await emulator.call(url);
    assert.equal(answer.status, 401);
    assert.match(String(answer.headers["www-authenticate"]), /resource="https:\/\/vault\.azure\.net"/);
    const { token } = emulator.context.tokens.issue(
      emulator.context.principals.deployer,
      "https://storage.azure.com",
    );
    assert.equal((await emulator.call(url, { headers: { authorization: `Bearer ${token}` } })).status, 401);
  });

  it("keeps purge protection on and soft delete as it is, and refuses access policies", async () => {
    const put = (change: object) =>
      emulator.arm("PUT", vault, { location: "westeurope", properties: { ...properties, ...change } });
    for (const change of [
      { enablePurgeProtection: false },
      // Left out, it would be off.
      { enablePurgeProtection: undefined },
      { enableRbacAuthorization: false },
      { enableSoftDelete: false },
      { softDeleteRetentionInDays: 30 },
    ]) {
      assert.equal((await put(change)).status, 400, JSON.stringify(change));
    }
    assert.equal((await put({ softDeleteRetentionInDays: 90 })).status, 200);
    const neverOn = { ...properties, enablePurgeProtection: false };
    const other = `${vault}-off`;
    assert.equal(
      (await emulator.arm("PUT", other, { location: "westeurope", properties: neverOn })).status,
      400,
    );
  });
});
