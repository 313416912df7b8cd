import assert from "node:assert/strict";
import type { ArmResource } from "../../../control-plane/resource";
import { databaseOutputs } from "./database-outputs";
import { databaseSize } from "./editions";

const id = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Sql/servers/one/databases/two";
const location = "westeurope";

describe("a database's size", () => {
  for (const [asked, name, tier, capacity, objective] of [
    [undefined, "GP_Gen5", "GeneralPurpose", 2, "GP_Gen5_2"],
    [{ name: "GP_S_Gen5" }, "GP_S_Gen5", "GeneralPurpose", 1, "GP_S_Gen5_1"],
    [{ name: "gp_s_gen5_4" }, "GP_S_Gen5", "GeneralPurpose", 4, "GP_S_Gen5_4"],
    [{ name: "BC_Gen5", capacity: 8 }, "BC_Gen5", "BusinessCritical", 8, "BC_Gen5_8"],
    [{ name: "HS_Gen5_2" }, "HS_Gen5", "Hyperscale", 2, "HS_Gen5_2"],
    [{ name: "S0", tier: "Standard" }, "Standard", "Standard", 10, "S0"],
    [{ name: "Standard", capacity: 100 }, "Standard", "Standard", 100, "S3"],
    [{ name: "Basic" }, "Basic", "Basic", 5, "Basic"],
    [{ name: "P6" }, "Premium", "Premium", 1000, "P6"],
  ] as const)
    it(`${JSON.stringify(asked)} is ${objective}`, () => {
      const size = databaseSize(asked);
      assert.equal(size.objective, objective);
      const { family: _, ...sku } = size.sku;
      assert.deepEqual(sku, { name, tier, capacity });
    });

  it("that is not known stays as it is", () =>
    assert.deepEqual(databaseSize({ name: "DC_1" }), { sku: { name: "DC_1" }, objective: "DC_1" }));
});

describe("a database's outputs", () => {
  const made = (more: object = {}, existing?: ArmResource) =>
    databaseOutputs({ id, body: { location, ...more }, existing });

  it("have what Azure always answers", () => {
    const { kind, sku, properties = {} } = made({ sku: { name: "GP_S_Gen5", capacity: 2 } });
    assert.equal(kind, "v12.0,user,vcore,serverless");
    assert.deepEqual(sku, { name: "GP_S_Gen5", tier: "GeneralPurpose", family: "Gen5", capacity: 2 });
    assert.deepEqual(properties.currentSku, sku);
    assert.equal(properties.currentServiceObjectiveName, "GP_S_Gen5_2");
    assert.equal(properties.requestedServiceObjectiveName, "GP_S_Gen5_2");
    assert.equal(properties.status, "Online");
    assert.equal(properties.defaultSecondaryLocation, "northeurope");
    assert.equal(properties.currentBackupStorageRedundancy, "Geo");
    assert.match(String(properties.databaseId), /^[0-9a-f-]{36}$/);
    assert.ok(Math.abs(Date.parse(String(properties.earliestRestoreDate)) - Date.now()) < 60_000);
    assert.equal(made({ location: "italynorth" }).properties?.defaultSecondaryLocation, undefined);
    assert.equal(made({ sku: { name: "S0" } }).kind, "v12.0,user");
  });

  it("keep what was made for a new database, and follow its settings", () => {
    const first = made();
    const existing: ArmResource = {
      id,
      name: "two",
      type: "x",
      ...first,
      properties: first.properties ?? {},
    };
    const second = made(
      { sku: first.sku, properties: { zoneRedundant: true, requestedBackupStorageRedundancy: "Local" } },
      existing,
    );
    for (const name of ["databaseId", "earliestRestoreDate", "currentSku"])
      assert.deepEqual(second.properties?.[name], first.properties?.[name], name);
    assert.equal(second.properties?.zoneRedundant, true);
    assert.equal(second.properties?.currentBackupStorageRedundancy, "Local");
    const larger = made({ sku: { name: "GP_Gen5_4" } }, existing);
    assert.equal(larger.properties?.currentServiceObjectiveName, "GP_Gen5_4");
    assert.deepEqual(made({}, existing).sku, first.sku);
  });
});
