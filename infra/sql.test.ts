import assert from "node:assert/strict";
import { parseTenantConfig } from "./config-check";
import { databaseSize } from "./sql";
import { tenantConfig } from "./testing/tenant";

const sized = (sql: object) => sizedIn("westeurope", sql);
const sizedIn = (location: string, sql: object) =>
  databaseSize(
    parseTenantConfig(tenantConfig({ "quantemplate:sql": JSON.stringify(sql) }), "acme").sql,
    location,
  );

describe("databaseSize", () => {
  it("is serverless and pauses by default", () => {
    assert.deepEqual(sized({}), {
      sku: { name: "GP_S_Gen5", tier: "GeneralPurpose", family: "Gen5", capacity: 1 },
      maxSizeBytes: 34_359_738_368,
      requestedBackupStorageRedundancy: "Geo",
      autoPauseDelay: 15,
      minCapacity: 0.5,
    });
  });

  it("sets no pause for a database that cannot pause", () => {
    const size = sized({ skuName: "BC_Gen5", capacity: 4 });
    assert.equal(size.sku.tier, "BusinessCritical");
    assert.ok(!("autoPauseDelay" in size) && !("minCapacity" in size));
  });

  it("knows the tier of each SKU", () => {
    const tiers = ["GP_S_Gen5", "GP_Gen5", "BC_Gen5", "HS_Gen5"].map(
      (skuName) => sized({ skuName }).sku.tier,
    );
    assert.deepEqual(tiers, ["GeneralPurpose", "GeneralPurpose", "BusinessCritical", "Hyperscale"]);
  });

  it("keeps backups where the region can, unless the tenant says where", () => {
    assert.equal(sizedIn("italynorth", {}).requestedBackupStorageRedundancy, "Zone");
    assert.equal(sized({ backupRedundancy: "Local" }).requestedBackupStorageRedundancy, "Local");
  });

  it("sends no size for a database that grows by itself", () => {
    assert.ok(!("maxSizeBytes" in sized({ skuName: "HS_Gen5" })));
  });
});
