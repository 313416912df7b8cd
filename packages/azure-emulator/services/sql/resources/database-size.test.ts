import assert from "node:assert/strict";
import { requireSoldSize } from "./database-size";

describe("a database's size", () => {
  const put = (name: string, capacity: number, properties = {}) =>
    requireSoldSize({ sku: { name, tier: "t", family: "Gen5", capacity }, properties });
  const refused = (code: string, name: string, capacity: number, properties = {}) =>
    assert.throws(() => put(name, capacity, properties), { status: 400, code });

  it("has the vCores of its SKU", () => {
    for (const [name, capacity] of [
      ["GP_S_Gen5", 3],
      ["GP_S_Gen5", 5],
      ["GP_Gen5", 1],
      ["BC_Gen5", 1],
      ["HS_Gen5", 1],
      ["HS_Gen5", 22],
    ] as const)
      refused("InvalidTierSkuCombination", name, capacity);
    for (const [name, capacity] of [
      ["GP_S_Gen5", 1],
      ["HS_Gen5", 2],
      ["BC_Gen5", 80],
      ["GP_Fsv2", 8],
    ] as const)
      put(name, capacity);
    requireSoldSize({ sku: { name: "S0" }, properties: {} });
    requireSoldSize({});
  });

  it("keeps at least its size's fewest vCores", () => {
    refused("InvalidMinCapacity", "GP_S_Gen5", 6, { minCapacity: 0.5 });
    refused("InvalidMinCapacity", "GP_S_Gen5", 2, { minCapacity: 2.5 });
    put("GP_Gen5", 2, { minCapacity: 1 });
    put("GP_S_Gen5", 6, { minCapacity: 0.75 });
    put("GP_S_Gen5", 10, { minCapacity: 1.25 });
  });

  it("holds no more than its size", () => {
    const gigabytes = (count: number) => ({ maxSizeBytes: count * 1024 ** 3 });
    refused("InvalidMaxSizeTierCombination", "GP_S_Gen5", 1, gigabytes(513));
    refused("InvalidMaxSizeTierCombination", "BC_Gen5", 4, gigabytes(4096));
    put("GP_S_Gen5", 1, gigabytes(512));
    put("HS_Gen5", 2, gigabytes(4096));
  });
});
