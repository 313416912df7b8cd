import assert from "node:assert/strict";
import { startTestEmulator, type TestEmulator } from "../../control-plane/testing/test-emulator";
import { createPassiveService } from "../passive";
import { createStorageService } from "../storage";
import { createWebService } from ".";
import { makeTestSite, packTestApp } from "./testing/test-app";

/** A page that takes a while: long enough for an update to come. */
const APP = `
import { app } from "@azure/functions";
app.http("page", { methods: ["GET"], authLevel: "anonymous",
  handler: () => new Promise((resolve) => setTimeout(() => resolve({ body: "whole" }), 1500)) });
`;

describe("an update of a site", () => {
  let emulator: TestEmulator;

  before(async () => {
    emulator = await startTestEmulator((context) => [
      createStorageService(context),
      createPassiveService(context),
      createWebService(context),
    ]);
  });
  after(() => emulator.stop());

  /** What a page ends with during whose making a setting changes. */
  async function pageDuringUpdate(name: string, type?: "Recreate" | "RollingUpdate") {
    const site = await makeTestSite(emulator, name, type && { type });
    assert.equal((await site.publish(await packTestApp(APP))).json.status, 4);
    const begun = new Promise<void>((resolve) => {
      emulator.context.flow.subscribe(
        (step) => step.name === "page" && step.status === "started" && resolve(),
      );
    });
    const page = emulator.call(`https://${site.host}/api/page`).then(
      ({ status, text }) => `${status} ${text}`,
      () => "cut",
    );
    await begun;
    const properties = { ...site.settings, CHANGED: "1" };
    const changed = await emulator.arm("PUT", `${site.id}/config/appsettings`, { properties });
    assert.equal(changed.status, 200);
    const first = await page;
    const after = (await emulator.call(`https://${site.host}/api/page`)).text;
    return [first, after];
  }

  it("cuts a request under way with Recreate, the default", async () => {
    assert.deepEqual(await pageDuringUpdate("default"), ["cut", "whole"]);
    assert.deepEqual(await pageDuringUpdate("again", "Recreate"), ["cut", "whole"]);
  });

  it("lets a request under way end with RollingUpdate", async () => {
    assert.deepEqual(await pageDuringUpdate("rolling", "RollingUpdate"), ["200 whole", "whole"]);
  });
});
