import assert from "node:assert/strict";
import { startTestEmulator, type TestEmulator } from "../../control-plane/testing/test-emulator";
import { createStorageService } from "../storage";
import { createWebService } from ".";
import { makeTestSite, type TestSite } from "./testing/test-app";

describe("App Service's rules", () => {
  let emulator: TestEmulator;
  let site: TestSite;
  before(async () => {
    emulator = await startTestEmulator((context) => [
      createStorageService(context),
      createWebService(context),
    ]);
    site = await makeTestSite(emulator, "ruled");
  });
  after(() => emulator.stop());

  it("refuses settings that Flex Consumption does not have", async () => {
    const settings = `${site.id}/config/appsettings`;
    const refused = await emulator.arm("PUT", settings, { properties: { Functions_Worker_Runtime: "node" } });
    assert.equal(refused.status, 400);
    assert.match(refused.json.error.message, /Functions_Worker_Runtime/);
  });

  it("refuses fewer than 40 instances where the region does not take them", async () => {
    const { json } = await emulator.arm("GET", site.id);
    const app = (location: string, maximumInstanceCount: number) => {
      const { functionAppConfig } = json.properties;
      const scaleAndConcurrency = { ...functionAppConfig.scaleAndConcurrency, maximumInstanceCount };
      const properties = {
        ...json.properties,
        functionAppConfig: { ...functionAppConfig, scaleAndConcurrency },
      };
      const id = `${emulator.group}/providers/Microsoft.Web/sites/few-${location}`;
      return emulator.arm("PUT", id, { location, kind: json.kind, identity: json.identity, properties });
    };
    const refused = await app("northeurope", 39);
    assert.equal(refused.status, 400);
    assert.match(refused.json.error.message, /maximumInstanceCount: 39 is below 40 in northeurope/);
    for (const [location, count] of [
      ["northeurope", 40],
      ["westeurope", 1],
    ] as const) {
      const made = await app(location, count);
      assert.equal(made.status, 200, made.text);
      await emulator.arm("DELETE", made.json.id);
    }
  });

  const putWith = async (change: object) => {
    const { json } = await emulator.arm("GET", site.id);
    return emulator.arm("PUT", site.id, { ...json, properties: { ...json.properties, ...change } });
  };

  it("refuses properties of siteConfig that Flex Consumption lacks", async () => {
    const one = await putWith({ siteConfig: { netFrameworkVersion: "v4.6" } });
    assert.deepEqual([one.status, one.json.error.code], [400, "BadRequest"]);
    assert.match(one.json.error.message, /property \(Site\.SiteConfig\.NetFrameworkVersion\) for Flex/);
    const two = await putWith({ siteConfig: { ftpsState: "Disabled", linuxFxVersion: null } });
    assert.match(
      two.json.error.message,
      /list of 2 .*\(Site\.SiteConfig\.FtpsState, Site\.SiteConfig\.LinuxFx/,
    );
    assert.equal((await putWith({ siteConfig: { minTlsVersion: "1.2" } })).status, 200);
  });

  it("refuses Windows containers on Flex Consumption", async () => {
    for (const name of ["hyperV", "isXenon"]) {
      const refused = await putWith({ [name]: true });
      assert.deepEqual([refused.status, refused.json.error.code], [400, "BadRequest"]);
      assert.match(refused.json.error.message, new RegExp(name));
      assert.equal((await putWith({ [name]: false })).status, 200);
    }
  });

  it("answers 200 to a PUT of a plan, a site and its settings, new or not", async () => {
    const { json } = await emulator.arm("GET", site.id);
    assert.equal((await emulator.arm("PUT", site.id, json)).status, 200);
    const plan = `${emulator.group}/providers/Microsoft.Web/serverfarms/another`;
    const body = {
      location: "westeurope",
      sku: { name: "FC1", tier: "FlexConsumption" },
      properties: { reserved: true },
    };
    for (let time = 0; time < 2; time++) assert.equal((await emulator.arm("PUT", plan, body)).status, 200);
    assert.equal((await emulator.arm("DELETE", plan)).status, 200);
  });

  it("offers every region for Flex Consumption, and none for other plans", async () => {
    const path = `/subscriptions/${emulator.context.subscriptionId}/providers/Microsoft.Web/geoRegions`;
    const { json } = await emulator.arm("GET", `${path}?sku=FlexConsumption`);
    const west = json.value.find(({ name }: { name: string }) => name === "West Europe");
    assert.equal(west.properties.displayName, "West Europe");
    assert.deepEqual((await emulator.arm("GET", `${path}?sku=Dynamic`)).json.value, []);
  });

  it("deletes a plan only after its apps, or with them", async () => {
    const plan = `${emulator.group}/providers/Microsoft.Web/serverfarms/ruled-plan`;
    const refused = await emulator.arm("DELETE", plan);
    assert.equal(refused.status, 409);
    assert.equal(refused.json.error.code, "Conflict");
    assert.match(refused.json.error.message, /has web app\(s\) ruled assigned to it/);
    assert.equal((await emulator.arm("GET", plan)).status, 200);
    await emulator.controlPlane.delete(emulator.group, emulator.context.principals.deployer);
    assert.deepEqual(emulator.context.resources.list({ type: "Microsoft.Web/serverfarms" }), []);
  });
});
