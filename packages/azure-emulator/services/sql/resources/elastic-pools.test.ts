import assert from "node:assert/strict";
import type { JsonObject } from "../../../../kit/json-object";
import type { ArmResource } from "../../../control-plane/resource";
import { databaseOutputs } from "./database-outputs";
import { databasesOf, elasticPoolType, poolOf, poolType } from "./elastic-pools";

const server = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Sql/servers/one";
const poolId = `${server}/elasticPools/pool`;
const GIGABYTE = 1024 ** 3;

/** A store with these resources. */
function storeOf(...resources: ArmResource[]) {
  return {
    get: (id: string) => resources.find((one) => one.id.toLowerCase() === id.toLowerCase()),
    list: ({ type, under = "" }: { type?: string; under?: string } = {}) =>
      resources.filter((one) => one.type === type && one.id.startsWith(`${under}/`)),
  };
}

async function pool(sku: object, properties: JsonObject = {}): Promise<ArmResource> {
  const made = await elasticPoolType(storeOf()).put?.({
    ...{ id: poolId, name: "pool", existing: undefined, principal: {} as never },
    body: { location: "westeurope", sku: sku as never, properties },
  });
  return { id: poolId, name: "pool", type: poolType, ...made, properties: made?.properties ?? {} };
}

const database = (name: string, inPool = poolId): ArmResource => ({
  ...{ id: `${server}/databases/${name}`, name, type: "Microsoft.Sql/servers/databases" },
  properties: { elasticPoolId: inPool },
});

describe("an elastic pool", () => {
  const refused = (code: string, sku: object, properties?: JsonObject) =>
    assert.rejects(pool(sku, properties), { status: 400, code });

  it("has a SKU of pools", async () => {
    await refused("InvalidSku", { name: "GP_S_Gen5", capacity: 2 });
    await refused("InvalidSku", { name: "S0" });
    assert.deepEqual((await pool({ name: "GP_Fsv2", capacity: 8 })).sku, { name: "GP_Fsv2", capacity: 8 });
    assert.equal((await pool({ name: "StandardPool" })).kind, "pool");
  });

  it("has the capacity of its SKU", async () => {
    await refused("InvalidTierSkuCombination", { name: "BC_Gen5", capacity: 2 });
    await refused("InvalidTierSkuCombination", { name: "GP_Gen5", capacity: 3 });
    await refused("InvalidTierSkuCombination", { name: "BasicPool", capacity: 2000 });
    const { sku, properties, kind } = await pool({ name: "GP_Gen5" });
    assert.deepEqual(sku, { name: "GP_Gen5", tier: "GeneralPurpose", family: "Gen5", capacity: 2 });
    assert.equal(kind, "vcore,pool");
    assert.deepEqual(properties.perDatabaseSettings, { minCapacity: 0, maxCapacity: 2 });
  });

  it("has the tier of its SKU", () =>
    refused("InvalidTierSkuCombination", { name: "GP_Gen5", tier: "BusinessCritical", capacity: 4 }));

  it("holds no more than its size", async () => {
    await refused(
      "ElasticPoolStorageAboveLimitGB",
      { name: "GP_Gen5", capacity: 2 },
      { maxSizeBytes: 513 * GIGABYTE },
    );
    assert.equal((await pool({ name: "GP_Gen5", capacity: 2 })).properties.maxSizeBytes, 512 * GIGABYTE);
    await pool({ name: "GP_Gen5", capacity: 4 }, { maxSizeBytes: 756 * GIGABYTE });
  });

  it("with databases cannot be deleted", async () => {
    const one = await pool({ name: "GP_Gen5" });
    const resources = storeOf(one, database("acme"), database("other", ""));
    const { mayDelete } = elasticPoolType(resources);
    assert.throws(() => mayDelete?.(one, () => true), { status: 400, code: "ElasticPoolNotEmpty" });
    mayDelete?.(one, () => false);
    elasticPoolType(storeOf(one, database("other", ""))).mayDelete?.(one, () => true);
    assert.deepEqual(
      databasesOf(resources, poolId.toUpperCase().replace(server.toUpperCase(), server)).length,
      1,
    );
  });
});

describe("an elastic pool's databases: a pool", () => {
  const inPool = (
    one: ArmResource,
    body: object,
    others: readonly ArmResource[] = [],
    existing?: ArmResource,
  ) =>
    poolOf(storeOf(one, ...others), {
      ...{ id: `${server}/databases/acme`, name: "acme", existing },
      body: { location: "westeurope", ...body },
    });
  const refused = (code: string, run: () => unknown) => assert.throws(run, { status: 400, code });
  const within = { properties: { elasticPoolId: poolId } };
  let gp: ArmResource;
  before(async () => {
    gp = await pool({ name: "GP_Gen5" });
  });

  it("takes databases of its own server", () => {
    const elsewhere = poolId.replace("/one/", "/two/");
    refused("ResourcePoolNotFound", () => inPool(gp, { properties: { elasticPoolId: elsewhere } }));
    refused("ResourcePoolNotFound", () =>
      inPool({ ...gp, id: elsewhere }, { properties: { elasticPoolId: elsewhere } }),
    );
    assert.equal(inPool(gp, within), gp);
  });

  it("takes databases without a size of their own", () => {
    refused("ElasticPoolSkuCombinationInvalid", () =>
      inPool(gp, { ...within, sku: { name: "GP_S_Gen5", capacity: 1 } }),
    );
    assert.equal(inPool(gp, { ...within, sku: { name: "ElasticPool" } }), gp);
  });

  it("is what the SKU ElasticPool needs", () => {
    refused("InvalidSku", () => inPool(gp, { sku: { name: "ElasticPool" } }));
  });

  it("takes databases of its tier", () => {
    refused("ElasticPoolTierCombinationInvalid", () =>
      inPool(gp, { ...within, sku: { name: "ElasticPool", tier: "BusinessCritical" } }),
    );
  });

  it("takes no more databases than its size allows", () => {
    const many = Array.from({ length: 100 }, (_, index) => database(`other-${index}`));
    refused("ElasticPoolDatabaseCountOverLimit", () => inPool(gp, within, many));
    assert.equal(inPool(gp, within, many.slice(1)), gp);
    // It is in it already.
    assert.equal(inPool(gp, within, [...many.slice(1), database("acme")]), gp);
  });

  it("keeps a database until a PUT names another size", () => {
    const here = { ...database("acme"), sku: { name: "ElasticPool", tier: "GeneralPurpose", capacity: 0 } };
    assert.equal(inPool(gp, {}, [], here), gp);
    assert.equal(inPool(gp, { sku: { name: "GP_Gen5", capacity: 2 } }, [], here), undefined);
  });

  it("gives a database its size", () => {
    const id = `${server}/databases/acme`;
    const {
      sku,
      kind,
      properties = {},
    } = databaseOutputs(
      { id, body: within, existing: undefined },
      {
        pool: gp,
      },
    );
    assert.deepEqual(sku, { name: "ElasticPool", tier: "GeneralPurpose", capacity: 0 });
    assert.deepEqual(properties.currentSku, sku);
    assert.equal(kind, "v12.0,user,vcore,pool");
    assert.equal(properties.currentServiceObjectiveName, "ElasticPool");
    assert.equal(properties.elasticPoolId, poolId);
  });
});
