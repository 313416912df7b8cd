import assert from "node:assert/strict";
import { ARM_AUDIENCE } from "../../control-plane/identity";
import { startTestEmulator, type TestEmulator } from "../../control-plane/testing/test-emulator";
import { createStorageService } from "../storage";
import { createWebService } from ".";
import { makeTestSite, packTestApp, type TestSite } from "./testing/test-app";

const READER = "acdd72a7-3385-48ef-bd42-f606fba81ae7";
const SECRET = "a value that nobody may read";

describe("an app's secrets", () => {
  let emulator: TestEmulator;
  let site: TestSite;
  /** A token of an identity that is Reader of the subscription. */
  let reader: string;
  before(async () => {
    emulator = await startTestEmulator((context) => [
      createStorageService(context),
      createWebService(context),
    ]);
    site = await makeTestSite(emulator, "secretive");
    const identity = `${emulator.group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/reader`;
    await emulator.arm("PUT", identity, { location: "westeurope" });
    const principal = emulator.context.principals.ofResource(identity, "reader");
    const assignment = `/subscriptions/${emulator.context.subscriptionId}/providers/Microsoft.Authorization/roleAssignments/${crypto.randomUUID()}`;
    const properties = { principalId: principal.objectId, roleDefinitionId: `/x/${READER}` };
    await emulator.arm("PUT", assignment, { properties });
    reader = emulator.context.tokens.issue(principal, ARM_AUDIENCE).token;
    const config = (name: string, value: object) =>
      emulator.arm("PUT", `${site.id}/config/${name}`, { properties: value });
    assert.equal((await config("appsettings", { ...site.settings, SECRET })).status, 200);
    assert.equal(
      (await config("connectionstrings", { main: { value: SECRET, type: "SQLAzure" } })).status,
      200,
    );
    const { json } = await emulator.arm("GET", site.id);
    const siteConfig = { connectionStrings: [{ name: "x", connectionString: SECRET }] };
    const again = await emulator.arm("PUT", site.id, {
      ...json,
      properties: { ...json.properties, siteConfig },
    });
    assert.equal(again.status, 200);
    assert.ok(!again.text.includes(SECRET));
  });
  after(() => emulator.stop());

  it("shows settings to whoever may list them, by POST only", async () => {
    for (const name of ["appsettings", "connectionstrings", "AppSettings"]) {
      const config = `${site.id}/config/${name}`;
      assert.equal((await emulator.arm("GET", config)).status, 405);
      assert.ok((await emulator.arm("POST", `${config}/list`)).text.includes(SECRET), name);
      assert.equal((await emulator.arm("POST", `${config}/list`, undefined, reader)).status, 403);
    }
    assert.deepEqual((await emulator.arm("POST", `${site.id}/config/metadata/list`)).json.properties, {});
    assert.equal((await emulator.arm("POST", `${site.id}/config/nothing/list`)).status, 404);
    assert.equal((await emulator.arm("POST", `${site.id}x/config/appsettings/list`)).status, 404);
  });

  it("are in no list and in no answer of the site", async () => {
    const subscription = `/subscriptions/${emulator.context.subscriptionId}`;
    const paths = [
      site.id,
      `${site.id}/config`,
      `${emulator.group}/providers/Microsoft.Web/sites`,
      `${emulator.group}/resources`,
      `${subscription}/resources`,
      `${subscription}/providers/Microsoft.Web/sites`,
    ];
    for (const path of paths) {
      for (const token of [reader, undefined]) {
        const answer = await emulator.arm("GET", path, undefined, token);
        assert.equal(answer.status, 200, path);
        assert.ok(!answer.text.includes(SECRET), path);
      }
    }
  });

  it("has one configuration for everybody to read, without secrets", async () => {
    const web = `${site.id}/config/web`;
    const set = { http20Enabled: true, appSettings: [{ name: "x", value: SECRET }] };
    await emulator.arm("PUT", web, { properties: set });
    const { json, text } = await emulator.arm("GET", web, undefined, reader);
    assert.deepEqual([json.properties.http20Enabled, json.properties.numberOfWorkers], [true, 1]);
    assert.ok(!text.includes(SECRET));
    const slots = await emulator.arm("GET", `${site.id}/config/slotConfigNames`, undefined, reader);
    assert.equal(slots.json.properties.appSettingNames, null);
    const list = await emulator.arm("GET", `${site.id}/config`, undefined, reader);
    assert.deepEqual(list.json.value, [json]);
  });

  it("fills in a field of config/web when code lands", async () => {
    const web = `${site.id}/config/web`;
    const before = (await emulator.arm("GET", web)).json.properties;
    assert.equal((await site.publish(await packTestApp(""))).json.status, 4);
    const after = (await emulator.arm("GET", web)).json.properties;
    assert.deepEqual(after, { ...before, linuxFxVersion: "NODE|22" });
    assert.equal(before.linuxFxVersion, "");
  });

  it("gives keys out by listkeys only", async () => {
    const host = await emulator.arm("POST", `${site.id}/host/default/listkeys`);
    assert.ok(host.json.masterKey);
    assert.equal(
      (await emulator.arm("POST", `${site.id}/host/default/listkeys`, undefined, reader)).status,
      403,
    );
    const id = `${site.id}/functions/f`;
    await emulator.context.resources.set({
      id: `${id}/keys/k`,
      type: "Microsoft.Web/sites/functions/keys",
      name: "k",
      properties: { value: SECRET },
    });
    for (const path of [`${id}/keys/k`, `${id}/keys`, `${site.id}/host/default`, `${site.id}/host`]) {
      for (const token of [undefined, reader]) {
        const answer = await emulator.arm("GET", path, undefined, token);
        assert.equal(answer.status, 404, path);
        assert.equal(answer.json.error.code, "InvalidResourceType");
      }
    }
  });
});
