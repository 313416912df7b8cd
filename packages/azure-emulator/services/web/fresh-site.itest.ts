import assert from "node:assert/strict";
import { ArmError } from "../../control-plane/arm-error";
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
    const { context, controlPlane } = await start(0);
    const { deployer } = context.principals;
    const { id, settings } = await makeTestSite(emulator as TestEmulator, "busy");
    const policy = (name: string) => () =>
      controlPlane.put(
        `${id}/basicPublishingCredentialsPolicies/${name}`,
        { properties: { allow: false } },
        deployer,
      );
    const config = (site: string, properties: Readonly<Record<string, unknown>>) => () =>
      controlPlane.put(`${site}/config/appsettings`, { properties }, deployer);
    const own = config(id, settings);
    // Begun at once: requests over HTTP may arrive one after the other's end.
    const [first, ...others] = await Promise.allSettled([own(), policy("ftp")(), policy("scm")()]);
    assert.equal(first.status, "fulfilled");
    for (const other of others) {
      assert.ok(other.status === "rejected" && other.reason instanceof ArmError);
      assert.deepEqual([other.reason.status, other.reason.code], [409, "Conflict"]);
      assert.match(other.reason.message, /^Cannot modify this site because another operation is in progress/);
    }
    for (const change of [own, policy("ftp"), policy("scm")]) await change();
    // Another site is not concerned.
    const other = await makeTestSite(emulator as TestEmulator, "idle");
    await Promise.all([own(), config(other.id, other.settings)()]);
  });
});
