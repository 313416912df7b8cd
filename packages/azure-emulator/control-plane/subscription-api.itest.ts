import assert from "node:assert/strict";
import { startTestEmulator, type TestEmulator, testType } from "./testing/test-emulator";

describe("subscriptions, tenants, regions and providers", () => {
  let emulator: TestEmulator;
  let subscription: string;
  before(async () => {
    const service = { name: "test", resourceTypes: [{ type: "Microsoft.Test/things" }] };
    emulator = await startTestEmulator(
      () => [service],
      undefined,
      [testType("Microsoft.Test/things", { location: true })],
      {
        unregisteredProviders: ["Microsoft.Test"],
      },
    );
    subscription = `/subscriptions/${emulator.context.subscriptionId}`;
  });
  after(() => emulator.stop());

  it("lists the one subscription, its tenant and the regions", async () => {
    const { subscriptionId, tenantId } = emulator.context;
    const { json } = await emulator.arm("GET", "/subscriptions");
    assert.deepEqual(json.count, { type: "Total", value: 1 });
    assert.equal(json.value[0].subscriptionId, subscriptionId);
    assert.equal(json.value[0].state, "Enabled");
    assert.deepEqual((await emulator.arm("GET", subscription)).json, json.value[0]);
    const tenants = await emulator.arm("GET", "/tenants");
    assert.equal(tenants.json.value[0].tenantId, tenantId);
    const { value } = (await emulator.arm("GET", `${subscription}/locations`)).json;
    const west = value.find(({ name }: { name: string }) => name === "westeurope");
    assert.equal(west.displayName, "West Europe");
    assert.equal(
      (await emulator.call(`${emulator.context.httpsUrl}/subscriptions?api-version=2022-12-01`)).status,
      401,
    );
    assert.equal((await emulator.call(`${emulator.context.httpsUrl}/tenants`)).status, 401);
  });

  it("lists the providers, their types, and the API versions and regions of each", async () => {
    const { value } = (await emulator.arm("GET", `${subscription}/providers`)).json;
    assert.ok(value.some(({ namespace }: { namespace: string }) => namespace === "Microsoft.DataFactory"));
    const { json } = await emulator.arm("GET", `${subscription}/providers/microsoft.keyvault`);
    assert.equal(json.namespace, "Microsoft.KeyVault");
    assert.equal(json.registrationState, "Registered");
    const vaults = json.resourceTypes.find(
      ({ resourceType }: { resourceType: string }) => resourceType === "vaults",
    );
    assert.ok(vaults.apiVersions.includes("2024-11-01"));
    assert.ok(vaults.locations.includes("West Europe"));
    const unknown = await emulator.arm("GET", `${subscription}/providers/Microsoft.Nothing`);
    assert.equal(unknown.json.error.code, "InvalidResourceNamespace");
  });

  it("refuses resources of a provider until it is registered", async () => {
    const thing = `${emulator.group}/providers/Microsoft.Test/things/a`;
    const refused = await emulator.arm("PUT", thing, { location: "westeurope" });
    assert.equal(refused.status, 409);
    assert.equal(refused.json.error.code, "MissingSubscriptionRegistration");
    const provider = `${subscription}/providers/Microsoft.Test`;
    assert.equal((await emulator.arm("GET", provider)).json.registrationState, "NotRegistered");
    assert.equal((await emulator.arm("POST", `${provider}/register`)).json.registrationState, "Registered");
    assert.equal((await emulator.arm("PUT", thing, { location: "westeurope" })).status, 201);
    assert.equal(
      (await emulator.arm("POST", `${provider}/unregister`)).json.registrationState,
      "NotRegistered",
    );
    await emulator.arm("POST", `${provider}/register`);
  });

  it("lists the names and values of tags", async () => {
    const put = (name: string, cost: string) =>
      emulator.arm("PUT", `${subscription}/resourceGroups/${name}`, {
        location: "westeurope",
        tags: { cost },
      });
    await Promise.all([put("one", "a"), put("two", "b")]);
    const { value } = (await emulator.arm("GET", `${subscription}/tagNames`)).json;
    assert.equal(value[0].tagName, "cost");
    assert.equal(value[0].count.value, 2);
    assert.deepEqual(value[0].values.map(({ tagValue }: { tagValue: string }) => tagValue).sort(), [
      "a",
      "b",
    ]);
  });

  it("answers with the ids of the request, also if it fails", async () => {
    for (const path of [subscription, `${subscription}/nothing`]) {
      const { headers } = await emulator.arm("GET", path, undefined, undefined, {
        "x-ms-correlation-request-id": "mine",
        "x-ms-client-request-id": "client",
        "x-ms-return-client-request-id": "true",
      });
      assert.match(String(headers["x-ms-request-id"]), /^[0-9a-f-]{36}$/);
      assert.equal(headers["x-ms-correlation-request-id"], "mine");
      assert.match(String(headers["x-ms-routing-request-id"]), /^LOCAL:\d{8}T\d{6}Z:/);
      assert.equal(headers["x-ms-client-request-id"], "client");
    }
  });
});
