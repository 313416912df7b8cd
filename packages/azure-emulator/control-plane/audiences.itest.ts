import assert from "node:assert/strict";
import { identityEndpoint, identityHeader } from ".";
import { SQL_AUDIENCE } from "./identity";
import { startTestEmulator, type TestEmulator, testType } from "./testing/test-emulator";

const TYPE = "Microsoft.Test/things";

describe("the audiences of tokens", () => {
  let emulator: TestEmulator;
  before(async () => {
    const settings = { audiences: ["api://ours/"] };
    const service = { name: "test", resourceTypes: [{ type: TYPE }] };
    emulator = await startTestEmulator(() => [service], undefined, [testType(TYPE)], settings);
  });
  after(() => emulator.stop());

  const post = (path: string, asked: Readonly<Record<string, string>>) => {
    const { httpsUrl, tenantId, principals } = emulator.context;
    const { clientId, secret } = principals.deployer;
    const grant = { grant_type: "client_credentials", client_id: clientId, client_secret: secret };
    return emulator.call(`${httpsUrl}/${tenantId}/${path}`, {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams({ ...grant, ...asked }).toString(),
    });
  };
  const signIn = (scope: string) => post("oauth2/v2.0/token", { scope });

  it("are those that exist, with any number of slashes at the end", async () => {
    const scopes = [
      "https://management.azure.com/.default",
      "https://management.core.windows.net//.default",
      "https://vault.azure.net/.default openid",
      "https://account.blob.core.windows.net/.default",
      "https://graph.microsoft.com/.default",
      `${emulator.context.httpsUrl}/.default`,
      "api://ours/.default",
      "00000003-0000-0000-c000-000000000000/.default",
    ];
    for (const scope of scopes) assert.equal((await signIn(scope)).status, 200, scope);
  });

  it("refuses tokens for resources that do not exist", async () => {
    const refused = await signIn("https://nothing.example/.default");
    assert.equal(refused.status, 400);
    assert.equal(refused.json.error, "invalid_resource");
    assert.deepEqual(refused.json.error_codes, [500011]);
    assert.match(
      refused.json.error_description,
      /^AADSTS500011: The resource principal named https:\/\/nothing\.example was not found/,
    );
    const id = `${emulator.group}/providers/${TYPE}/one`;
    await emulator.arm("PUT", id, { identity: { type: "SystemAssigned" } });
    const ask = (resource: string) =>
      emulator.call(`${identityEndpoint(emulator.context).replace("http:", "https:")}?resource=${resource}`, {
        headers: { "x-identity-header": identityHeader(emulator.context, id) },
      });
    assert.equal((await ask("https://vault.azure.net")).status, 200);
    const other = await ask("https://nothing.example");
    assert.equal(other.status, 400);
    assert.match(other.text, /AADSTS500011/);
  });

  it("are one a token", async () => {
    const two = await signIn("https://vault.azure.net/.default https://storage.azure.com/.default");
    assert.equal(two.status, 400);
    assert.deepEqual(two.json.error_codes, [28000]);
    assert.equal((await signIn("https://vault.azure.net/secrets.read")).json.error_codes[0], 1002012);
  });

  it("are a resource in the older version of the token endpoint, whose numbers are texts", async () => {
    const resource = "https://database.windows.net/";
    const { status, json } = await post("oauth2/token", { resource });
    assert.equal(status, 200);
    const { tokens, principals } = emulator.context;
    assert.equal(tokens.verify(json.access_token, SQL_AUDIENCE).objectId, principals.deployer.objectId);
    assert.equal(json.resource, resource);
    assert.match(json.expires_in, /^\d+$/);
    assert.ok(Number(json.expires_on) > Date.now() / 1000);
    const refusal = async (asked: Readonly<Record<string, string>>) =>
      (await post("oauth2/token", asked)).json.error_codes[0];
    assert.equal(await refusal({}), 900144);
    assert.equal(await refusal({ resource: "https://nothing.example" }), 500011);
    assert.equal(await refusal({ resource, client_secret: "wrong" }), 7000215);
  });
});
