import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import tls from "node:tls";
import { BlobServiceClient } from "@azure/storage-blob";
import { startTestEmulator, type TestEmulator } from "../../control-plane/testing/test-emulator";
import { createStorageService } from ".";

const OWNER = "b7e6dc6d-f1e8-4753-8033-0f276bb0955b";
const READER = "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1";

describe("storage", () => {
  let emulator: TestEmulator;
  let account: string;
  let endpoint: string;
  const trusted = tls.getCACertificates("default");

  before(async () => {
    emulator = await startTestEmulator((context) => [createStorageService(context)]);
    tls.setDefaultCACertificates([...trusted, emulator.context.certificates.ca]);
    account = `${emulator.group}/providers/Microsoft.Storage/storageAccounts/stored`;
    const body = { location: "westeurope", kind: "StorageV2", sku: { name: "Standard_LRS" } };
    await emulator.arm("PUT", account, body);
    endpoint = (await emulator.arm("GET", account)).json.properties.primaryEndpoints.blob;
    await emulator.arm("PUT", `${account}/blobServices/default/containers/box`, {});
  });
  after(async () => {
    tls.setDefaultCACertificates(trusted);
    await emulator.stop();
  });

  const container = () => {
    const { context } = emulator;
    const credential = {
      async getToken(scope: string | string[]) {
        const { token, expiresOn } = context.tokens.issue(context.principals.deployer, String(scope));
        return { token, expiresOnTimestamp: expiresOn.getTime() };
      },
    };
    const options = { retryOptions: { maxTries: 1 } };
    return new BlobServiceClient(endpoint, credential, options).getContainerClient("box");
  };
  const grant = async (role: string) => {
    const id = `${account}/providers/Microsoft.Authorization/roleAssignments/${crypto.randomUUID()}`;
    const { objectId: principalId } = emulator.context.principals.deployer;
    await emulator.arm("PUT", id, { properties: { roleDefinitionId: `/x/${role}`, principalId } });
    return id;
  };

  it("keeps versions and soft delete of its blobs as settings, also after a PUT of the account", async () => {
    const service = `${account}/blobServices/default`;
    assert.equal((await emulator.arm("GET", service)).json.properties.isVersioningEnabled, undefined);
    const properties = {
      isVersioningEnabled: true,
      deleteRetentionPolicy: { enabled: true, days: 30 },
      containerDeleteRetentionPolicy: { enabled: true, days: 30 },
    };
    assert.equal((await emulator.arm("PUT", service, { properties })).status, 200);
    const shown = (await emulator.arm("GET", account)).json;
    assert.equal((await emulator.arm("PUT", account, shown)).status, 200);
    assert.equal(JSON.stringify(shown).includes("isVersioningEnabled"), false);
    assert.deepEqual((await emulator.arm("GET", service)).json.properties, properties);
    for (const wrong of [{ deleteRetentionPolicy: { enabled: true, days: 366 } }, { versions: true }]) {
      const refused = await emulator.arm("PUT", service, { properties: wrong });
      assert.deepEqual([refused.status, refused.json.error.code], [400, "InvalidRequestPropertyValue"]);
    }
    assert.equal((await emulator.arm("GET", service.replace("stored", "other"))).status, 404);
  });

  it("answers the same after a second PUT, with what Azure fills in", async () => {
    const before = (await emulator.arm("GET", account)).json;
    assert.equal(before.sku.tier, "Standard");
    for (const name of ["creationTime", "keyCreationTime", "encryption", "networkAcls", "accessTier"])
      assert.ok(before.properties[name], name);
    const body = { location: "westeurope", kind: "StorageV2", sku: { name: "Standard_LRS" } };
    assert.equal((await emulator.arm("PUT", account, body)).status, 200);
    assert.deepEqual((await emulator.arm("GET", account)).json, before);
    // Also of what a client sends back as it was answered.
    assert.equal((await emulator.arm("PUT", account, before)).status, 200);
    assert.deepEqual((await emulator.arm("GET", account)).json, before);
  });

  it("refuses the services that it does not run by their names", async () => {
    const { primaryEndpoints } = (await emulator.arm("GET", account)).json.properties;
    const { token } = emulator.context.tokens.issue(
      emulator.context.principals.deployer,
      "https://storage.azure.com",
    );
    for (const name of ["queue", "table", "file", "web", "dfs"]) {
      const headers = { authorization: `Bearer ${token}`, "x-ms-version": "2024-08-04" };
      const { status, text } = await emulator.call(primaryEndpoints[name], { headers });
      assert.equal(status, 501);
      assert.ok(text.includes(`the service '${name}'`), text);
    }
  });

  it("says whether a name may be had", async () => {
    const { subscriptionId } = emulator.context;
    const check = async (name: string) => {
      const path = `/subscriptions/${subscriptionId}/providers/Microsoft.Storage/checkNameAvailability`;
      const { json } = await emulator.arm("POST", path, { name, type: "Microsoft.Storage/storageAccounts" });
      return [json.nameAvailable, json.reason];
    };
    assert.deepEqual(await check("stored"), [false, "AlreadyExists"]);
    assert.deepEqual(await check("Not-A-Name"), [false, "AccountNameInvalid"]);
    assert.deepEqual(await check("stillfree"), [true, undefined]);
  });

  it("stores blobs for Microsoft's client: put, properties, ranges, list, delete", async () => {
    const assignment = await grant(OWNER);
    const blob = container().getBlockBlobClient("folder/a name & more.txt");
    await blob.upload("hello", 5, { blobHTTPHeaders: { blobContentType: "text/plain" } });
    await blob.upload("hello world", 11, { blobHTTPHeaders: { blobContentType: "text/plain" } });
    assert.equal((await blob.getProperties()).contentLength, 11);
    assert.equal((await blob.downloadToBuffer()).toString(), "hello world");
    assert.equal((await blob.downloadToBuffer(6, 3)).toString(), "wor");
    const names: string[] = [];
    for await (const { name } of container().listBlobsFlat({ prefix: "folder/" })) names.push(name);
    assert.deepEqual(names, ["folder/a name & more.txt"]);
    await blob.delete();
    assert.equal(await blob.exists(), false);
    assert.deepEqual(await readdir(join(emulator.context.folder, "storage", "stored", "box")), []);
    await emulator.arm("DELETE", assignment);
  });

  it("enforces the data actions of roles, which Owner does not have", async () => {
    const blob = container().getBlockBlobClient("x");
    await assert.rejects(blob.upload("x", 1), { code: "AuthorizationPermissionMismatch" });
    const assignment = await grant(READER);
    await assert.rejects(blob.upload("x", 1), { code: "AuthorizationPermissionMismatch" });
    assert.equal(await blob.exists(), false);
    await emulator.arm("DELETE", assignment);
  });

  it("refuses keys, signatures and unsupported operations", async () => {
    const url = `${endpoint}box/x`;
    const keyed = await emulator.call(url, { headers: { authorization: "SharedKey stored:AAAA" } });
    assert.equal(keyed.headers["x-ms-error-code"], "KeyBasedAuthenticationNotPermitted");
    assert.equal((await emulator.call(`${url}?sig=abc`)).status, 403);
    assert.equal((await emulator.call(url)).status, 401);
    const assignment = await grant(OWNER);
    await assert.rejects(container().getAppendBlobClient("log").create(), {
      statusCode: 501,
      message: /blobs of the type AppendBlob/,
    });
    await emulator.arm("DELETE", assignment);
  });

  it("removes the blobs with their container", async () => {
    const assignment = await grant(OWNER);
    await container().getBlockBlobClient("x").upload("x", 1);
    await emulator.arm("DELETE", `${account}/blobServices/default/containers/box`);
    await assert.rejects(container().getBlockBlobClient("x").getProperties(), { statusCode: 404 });
    await emulator.arm("PUT", `${account}/blobServices/default/containers/box`, {});
    assert.equal(await container().getBlockBlobClient("x").exists(), false);
    await emulator.arm("DELETE", assignment);
  });
});
