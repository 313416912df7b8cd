import { isSqlPoolSku, type SqlPoolSize, sqlPoolSize, sqlPoolSizes } from "../../../../azure-resource-types";
import type { PutRequest, ResourceType } from "../../../control-plane/local-service";
import {
  type ArmBody,
  type ArmResource,
  parentId,
  type ResourceStore,
  sameId,
} from "../../../control-plane/resource";
import { armRules, refusal } from "../../../control-plane/rules/azure-rule";
import { type DatabaseSku, skuOf } from "./editions";
import { serverType } from "./logical-servers";

const SPECS =
  "https://github.com/Azure/azure-rest-api-specs/blob/main/specification/sql/resource-manager/Microsoft.Sql/stable/2023-08-01";
const POOLS = `${SPECS}/ElasticPools.json (ElasticPools_CreateOrUpdate, ElasticPools_Delete, error responses)`;
const DATABASES = `${SPECS}/Databases.json (Databases_CreateOrUpdate, error responses)`;
const LIMITS = "https://learn.microsoft.com/azure/azure-sql/database/resource-limits-vcore-elastic-pools";
const test = (title: string) => ["services/sql/resources/elastic-pools.test.ts", title] as const;

export const elasticPoolRules = armRules("Azure SQL: elastic pools", {
  sku: {
    what: "A pool has a SKU of pools; a database's, such as `GP_S_Gen5`, is none.",
    source: POOLS,
    answer: { status: 400, code: "InvalidSku" },
    test: test("has a SKU of pools"),
  },
  capacity: {
    what: "A pool has the vCores or eDTUs that are published: business critical ones begin at 4 vCores.",
    source: `${LIMITS}; ${POOLS}`,
    answer: { status: 400, code: "InvalidTierSkuCombination" },
    test: test("has the capacity of its SKU"),
  },
  tier: {
    what: "The tier of a pool's SKU is its own.",
    source: POOLS,
    answer: { status: 400, code: "InvalidTierSkuCombination" },
    test: test("has the tier of its SKU"),
  },
  storage: {
    what: "A pool holds no more than its size.",
    source: `${LIMITS}; ${POOLS}`,
    answer: { status: 400, code: "ElasticPoolStorageAboveLimitGB" },
    test: test("holds no more than its size"),
  },
  notEmpty: {
    what: "A pool with databases cannot be deleted, but goes with its server.",
    source: POOLS,
    answer: { status: 400, code: "ElasticPoolNotEmpty" },
    test: test("with databases cannot be deleted"),
  },
  sameServer: {
    what: "A database is in a pool of its own server.",
    source: DATABASES,
    answer: { status: 400, code: "ResourcePoolNotFound" },
    test: test("takes databases of its own server"),
  },
  poolSku: {
    what: "A database in a pool has no SKU, or `ElasticPool`.",
    source: DATABASES,
    answer: { status: 400, code: "ElasticPoolSkuCombinationInvalid" },
    test: test("takes databases without a size of their own"),
  },
  withoutPool: {
    what: "The SKU `ElasticPool` needs a pool.",
    source: DATABASES,
    answer: { status: 400, code: "InvalidSku" },
    test: test("is what the SKU ElasticPool needs"),
  },
  databaseTier: {
    what: "The tier of a database in a pool is the pool's.",
    source: DATABASES,
    answer: { status: 400, code: "ElasticPoolTierCombinationInvalid" },
    test: test("takes databases of its tier"),
  },
  full: {
    what: "A pool takes so many databases as its size allows: 100 with two vCores.",
    source: `${LIMITS}; ${DATABASES}`,
    answer: { status: 400, code: "ElasticPoolDatabaseCountOverLimit" },
    test: test("takes no more databases than its size allows"),
  },
});

const { rules } = elasticPoolRules;
export const poolType = `${serverType}/elasticPools`;
export const POOL_SKU = "ElasticPool";
const GIGABYTE = 1024 ** 3;

type Store = Pick<ResourceStore, "get" | "list">;

/** Pools of a server: what they are, and how many databases they take. Nothing is made faster or slower. */
export function elasticPoolType(resources: Store): ResourceType {
  return {
    type: poolType,
    put: async (request) => poolOutputs(request),
    mayDelete({ id, name }, stays) {
      const database = databasesOf(resources, id).find((one) => stays(one.id));
      if (database === undefined) return;
      throw refusal(
        rules.notEmpty,
        `The elastic pool '${name}' cannot be deleted because it is not empty: the database '${database.name}' is in it.`,
      );
    },
  };
}

/** The databases that are in a pool. */
export function databasesOf(resources: Pick<ResourceStore, "list">, poolId: string): ArmResource[] {
  return resources
    .list({ type: `${serverType}/databases`, under: parentId(poolId) })
    .filter(({ properties }) => sameId(String(properties.elasticPoolId ?? ""), poolId));
}

/** @throws ArmError 400 for a size that Azure does not sell. Pools of other hardware are not looked at. */
function poolOutputs({ body, existing }: PutRequest): ArmBody {
  const asked = skuOf(body) ?? skuOf(existing) ?? { name: "GP_Gen5", capacity: 2 };
  const { sku, size } = soldSize(asked);
  const sent = body.properties ?? {};
  const { maxSizeBytes } = sent;
  if (size?.maxGb !== undefined && typeof maxSizeBytes === "number" && maxSizeBytes > size.maxGb * GIGABYTE)
    throw refusal(
      rules.storage,
      `The storage limit '${maxSizeBytes}' of 'properties.maxSizeBytes' is above the limit of the elastic pool: ${size.maxGb} GB.`,
    );
  return {
    sku: { ...sku },
    kind: sku.family === undefined ? "pool" : "vcore,pool",
    properties: {
      ...(size?.maxGb !== undefined && { maxSizeBytes: size.maxGb * GIGABYTE }),
      perDatabaseSettings: { minCapacity: 0, maxCapacity: sku.capacity },
      zoneRedundant: false,
      ...(sku.family !== undefined && { licenseType: "LicenseIncluded" }),
      availabilityZone: "NoPreference",
      ...sent,
      state: "Ready",
    },
  };
}

function soldSize(asked: DatabaseSku): { readonly sku: DatabaseSku; readonly size?: SqlPoolSize } {
  const { name, tier, capacity } = asked;
  if (!isSqlPoolSku(name)) {
    if (/^(?:GP|BC|HS)_(?!S_|Gen5)\w+$/.test(name)) return { sku: asked };
    throw refusal(rules.sku, `The sku '${name}' of 'sku.name' is invalid for an elastic pool.`);
  }
  const sold = sqlPoolSizes[name];
  const size = sqlPoolSize({ name, capacity: capacity ?? sold.sizes[0]?.capacity });
  if (size === undefined)
    throw refusal(
      rules.capacity,
      `The tier '${sold.tier}' does not support the sku '${name}' with 'sku.capacity' ${capacity}. An elastic pool has one of: ${sold.sizes.map((one) => one.capacity).join(", ")}.`,
    );
  if (tier !== undefined && !sameId(tier, sold.tier))
    throw refusal(rules.tier, `The tier '${tier}' of 'sku.tier' does not support the sku '${name}'.`);
  return {
    sku: { name, tier: sold.tier, ...(sold.family && { family: sold.family }), capacity: size.capacity },
    size,
  };
}

/**
 * The pool in which a database is after a PUT; undefined if it has a size of its own.
 * @throws ArmError 400 for a pool that does not take it
 */
export function poolOf(
  resources: Store,
  { id, name, body, existing }: Pick<PutRequest, "id" | "name" | "body" | "existing">,
): ArmResource | undefined {
  const sku = skuOf(body);
  const isPoolSku = sku !== undefined && sameId(sku.name, POOL_SKU);
  const sent = body.properties?.elasticPoolId;
  // Whoever sends neither pool nor size leaves the database where it is.
  const stays = sent === undefined && (sku === undefined || isPoolSku);
  const poolId = String((stays ? existing?.properties.elasticPoolId : sent) ?? "");
  if (poolId === "") {
    if (isPoolSku)
      throw refusal(
        rules.withoutPool,
        `The sku '${sku.name}' of the database '${name}' needs an elastic pool: 'properties.elasticPoolId' is missing.`,
      );
    return undefined;
  }
  if (sku !== undefined && !isPoolSku)
    throw refusal(
      rules.poolSku,
      `Elastic pool and sku can be specified together only if sku is specified as '${POOL_SKU}': 'sku.name' is '${sku.name}'.`,
    );
  const pool = resources.get(poolId);
  if (pool === undefined || !sameId(pool.type, poolType) || !sameId(parentId(pool.id), parentId(id)))
    throw refusal(
      rules.sameServer,
      `The elastic pool '${poolId}' of 'properties.elasticPoolId' does not exist in the logical server '${parentId(id).split("/").at(-1)}'.`,
    );
  const poolSku = skuOf(pool);
  if (sku?.tier !== undefined && !sameId(sku.tier, poolSku?.tier ?? ""))
    throw refusal(
      rules.databaseTier,
      `The database tier '${sku.tier}' of 'sku.tier' is different than the elastic pool service tier '${poolSku?.tier}'.`,
    );
  const most = sqlPoolSize(poolSku ?? {})?.maxDatabases ?? Number.POSITIVE_INFINITY;
  if (databasesOf(resources, pool.id).filter((one) => !sameId(one.id, id)).length >= most)
    throw refusal(
      rules.full,
      `The elastic pool '${pool.name}' has reached its database count limit: '${most}'.`,
    );
  return pool;
}
