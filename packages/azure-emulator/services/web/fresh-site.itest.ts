import assert from "node:assert/strict";
import { startTestEmulator, type TestEmulator } from "../../control-plane/testing/test-emulator";
import { createPassiveService } from "../passive";
import { createStorageService } from "../storage";
import { createWebService } from ".";
import { makeTestSite } from "./testing/test-app";

describe("a new site", () => {
  let emulator: TestEmulator | undefined;
  afterEach(() => emulator?.stop());

  async function start(refusals: number) {
    emulator = await startTestEmulator(
      (context) => [createStorageService(context), createPassiveService(context), createWebService(context)],
      undefined,
      undefined,
      { roleDelay: { refusals } },
    );
    return emulator;
  }

  it("refuses a new site's first publishers with 401 and 403", async () => {
    const site = await makeTestSite(await start(2), "fresh");
    const statuses = [];
    for (let request = 0; request < 4; request++)
      statuses.push((await site.ask("deployments/latest")).status);
    assert.deepEqual(statuses, [401, 403, 404, 404]);
  });

  it("knows its publishers at once where nothing takes time", async () => {
    const site = await makeTestSite(await start(0), "known");
    assert.equal((await site.ask("deployments/latest")).status, 404);
  });

  it("refuses a change while another one is under way", async () => {
    const { arm } = await start(0);
    const { id, settings } = await makeTestSite(emulator as TestEmulator, "busy");
    const policy = (name: string) => () =>
      arm("PUT", `${id}/basicPublishingCredentialsPolicies/${name}`, { properties: { allow: false } });
    const config = () => arm("PUT", `${id}/config/appsettings`, { properties: settings });
    const both = await Promise.all([config(), policy("ftp")(), policy("scm")()]);
    assert.deepEqual(both.map(({ status }) => status).sort(), [200, 409, 409]);
    const refused = both.find(({ status }) => status === 409);
    assert.equal(refused?.json.error.code, "Conflict");
    assert.match(
      refused?.json.error.message,
      /^Cannot modify this site because another operation is in progress/,
    );
    for (const change of [config, policy("ftp"), policy("scm")]) assert.equal((await change()).status, 200);
    // Another site is not concerned.
    const other = await makeTestSite(emulator as TestEmulator, "idle");
    const apart = await Promise.all([
      config(),
      arm("PUT", `${other.id}/config/appsettings`, { properties: other.settings }),
    ]);
    assert.deepEqual(
      apart.map(({ status }) => status),
      [200, 200],
    );
  });
});
