import assert from "node:assert/strict";
import { sqlSchema } from "./sql-schema";

describe("the size of a database", () => {
  const sized = (sql: object) => {
    const { success, data, error } = sqlSchema.safeParse(sql);
    return success ? data : error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
  };
  const refused = (sql: object, field: string, message: string) =>
    assert.deepEqual(sized(sql), [`${field}: ${message}`], JSON.stringify(sql));
  const size = (sql: object) => {
    const found = sized(sql);
    return Array.isArray(found)
      ? found
      : [found.capacity, Reflect.get(found, "minCapacity"), Reflect.get(found, "maxSizeGb")];
  };

  it("is the smallest of the SKU by default", () => {
    assert.deepEqual(size({}), [1, 0.5, 32]);
    assert.deepEqual(size({ skuName: "GP_Gen5" }), [2, undefined, 32]);
    assert.deepEqual(size({ skuName: "BC_Gen5" }), [2, undefined, 32]);
    assert.deepEqual(size({ skuName: "HS_Gen5" }), [2, undefined, undefined]);
  });

  it("keeps the fewest vCores of its size by default", () => {
    for (const [capacity, least] of [
      [2, 0.5],
      [4, 0.5],
      [6, 0.75],
      [8, 1],
      [10, 1.25],
      [18, 2.25],
      [40, 5],
      [80, 10],
    ])
      assert.deepEqual(size({ capacity }), [capacity, least, 32]);
  });

  it("has vCores that Azure sells", () => {
    const all = "2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 24, 32, 40, 80";
    for (const capacity of [3, 5, 7, 22, 79])
      refused({ capacity }, "capacity", `a number of vCores that GP_S_Gen5 has: 1, ${all}`);
    for (const skuName of ["GP_Gen5", "BC_Gen5", "HS_Gen5"])
      refused({ skuName, capacity: 1 }, "capacity", `a number of vCores that ${skuName} has: ${all}`);
  });

  it("keeps vCores between its fewest and its most, in quarters", () => {
    const words = (capacity: number, from: number) =>
      `a number of vCores from ${from} to ${capacity} in steps of 0.25, for GP_S_Gen5 with ${capacity} vCore${capacity === 1 ? "" : "s"}`;
    refused({ minCapacity: 2 }, "minCapacity", words(1, 0.5));
    refused({ capacity: 6, minCapacity: 0.5 }, "minCapacity", words(6, 0.75));
    refused({ capacity: 4, minCapacity: 3.3 }, "minCapacity", words(4, 0.5));
    assert.deepEqual(size({ capacity: 6, minCapacity: 6 }), [6, 6, 32]);
  });

  it("holds at most what is sold with its vCores, and Hyperscale takes no size", () => {
    refused({ maxSizeGb: 513 }, "maxSizeGb", "a size from 1 to 512 GB, for GP_S_Gen5 with 1 vCore");
    refused(
      { skuName: "BC_Gen5", capacity: 6, maxSizeGb: 4096 },
      "maxSizeGb",
      "a size from 1 to 1536 GB, for BC_Gen5 with 6 vCores",
    );
    refused({ skuName: "HS_Gen5", maxSizeGb: 4096 }, "maxSizeGb", "no size: HS_Gen5 grows by itself");
    assert.deepEqual(size({ skuName: "BC_Gen5", capacity: 24, maxSizeGb: 4096 }), [24, undefined, 4096]);
  });

  it("ignores what only a serverless database has", () => {
    assert.deepEqual(size({ skuName: "BC_Gen5", capacity: 8, minCapacity: 2 }), [8, 2, 32]);
  });
});
