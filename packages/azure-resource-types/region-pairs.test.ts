import assert from "node:assert/strict";
import { pairedRegion } from "./region-pairs";
import { regions } from "./regions";

describe("pairs of regions", () => {
  it("are of public regions, and mostly of two", () => {
    for (const region of regions.keys()) {
      const pair = pairedRegion(region);
      if (pair !== undefined) assert.ok(regions.has(pair), `${region}: ${pair}`);
    }
    assert.equal(pairedRegion("West Europe"), "northeurope");
    assert.equal(pairedRegion("northeurope"), "westeurope");
    assert.equal(pairedRegion("westus3"), "eastus");
    assert.equal(pairedRegion("italynorth"), undefined);
  });
});
