import assert from "node:assert/strict";

import deployTenant = require("./index");

import { liveGenerations, rotationSchema } from "./rotation";
import { runWithMocks } from "./testing/mock-cloud";
import { tenantConfig } from "./testing/tenant";

describe("a generation", () => {
  const now = new Date("2027-05-15T12:00:00Z");
  const live = (generation: number, keepUntil?: string) =>
    liveGenerations({ generation, ...(keepUntil && { keepUntil }) }, now);

  it("lives beside the one before it until that one's date", () => {
    assert.deepEqual(live(1), [1]);
    assert.deepEqual(live(1, "2027-06-01"), [1]);
    assert.deepEqual(live(2), [2]);
    assert.deepEqual(live(2, "2027-06-01"), [2, 1]);
    assert.deepEqual(live(3, "2027-05-15T12:00:01Z"), [3, 2]);
    assert.deepEqual(live(3, "2027-05-15"), [3]);
  });

  it("is the first unless the tenant says another", () => {
    assert.deepEqual(rotationSchema.parse(undefined), {
      webhook: { generation: 1 },
      functionKey: { generation: 1 },
    });
    for (const bad of [{ webhook: { generation: 0 } }, { webhook: { keepUntil: "soon" } }, { secret: {} }])
      assert.equal(rotationSchema.safeParse(bad).success, false);
  });
});

describe("the program during a rotation", () => {
  const named = async (rotation?: object) => {
    const set = rotation && { "quantemplate:rotation": JSON.stringify(rotation) };
    const { resources, registrations } = await runWithMocks(deployTenant, tenantConfig(set));
    const names = resources
      .map(({ name }) => name)
      .filter((name) => /automation-webhook(-uri)?(-\d)?$|app-key/.test(name));
    return { names: names.sort(), registrations };
  };
  const first = [
    "automation-webhook",
    "automation-webhook-uri",
    "function-app-key",
    "function-app-key-value",
  ];

  it("keeps the first generation's names", async () => {
    assert.deepEqual((await named()).names, first);
  });

  it("has both generations until the date, and the new one alone afterwards", async () => {
    const next = (keepUntil: string) => {
      const one = { generation: 2, keepUntil };
      return named({ webhook: one, functionKey: one });
    };
    const second = [
      "automation-webhook-2",
      "automation-webhook-uri-2",
      "function-app-key-2",
      "function-app-key-value-2",
    ];
    const both = await next("2099-01-01");
    assert.deepEqual(both.names, [...first, ...second].sort());
    assert.deepEqual((await next("2020-01-01")).names, second);
    // Another expiry must not take the address away that Quantemplate still has.
    const ignored = (name: string) =>
      both.registrations.find(({ request }) => request.getName() === name)?.request.getIgnorechangesList();
    assert.deepEqual(ignored("automation-webhook-uri"), ["inputs.expiry"]);
    assert.deepEqual(ignored("automation-webhook-uri-2"), []);
  });
});
