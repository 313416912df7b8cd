import { randomUUID } from "node:crypto";
import { pairedRegion } from "../../../../azure-resource-types";
import type { PutRequest } from "../../../control-plane/local-service";
import type { ArmBody, ArmResource } from "../../../control-plane/resource";
import { type DatabaseSize, type DatabaseSku, databaseSize, skuOf } from "./editions";
import { POOL_SKU } from "./elastic-pools";

const GIGABYTE = 1024 ** 3;

/** Resources that a database's size comes from. */
export interface DatabaseNeighbours {
  /** The elastic pool that it is in. */
  readonly pool?: ArmResource | undefined;
  /** The database that it is a copy of. */
  readonly source?: ArmResource | undefined;
}

/**
 * What Azure answers of every database although a client did not send it. What was made up for a new database stays as it is.
 * Source: azure-rest-api-specs, Microsoft.Sql/stable/2023-08-01/Databases.json, with its example GetDatabase.json.
 */
export function databaseOutputs(
  { id, body, existing }: Pick<PutRequest, "id" | "body" | "existing">,
  { pool, source }: DatabaseNeighbours = {},
): ArmBody {
  const sent = body.properties ?? {};
  // A copy has its source's size unless it is given one.
  const { sku, objective } = pool
    ? inPool(pool)
    : databaseSize(skuOf(body) ?? ownSku(existing) ?? ownSku(source));
  const inDtus = (skuOf(pool) ?? sku).family === undefined;
  const redundancy = sent.requestedBackupStorageRedundancy ?? "Geo";
  const secondary = pairedRegion(body.location ?? "");
  const [subscription = ""] = /^\/subscriptions\/[^/]+/i.exec(id) ?? [];
  return {
    sku: { ...sku, ...body.sku },
    kind: `v12.0,user${inDtus ? "" : ",vcore"}${pool ? ",pool" : ""}${/^GP_S_/.test(sku.name) ? ",serverless" : ""}`,
    properties: {
      collation: "SQL_Latin1_General_CP1_CI_AS",
      catalogCollation: "SQL_Latin1_General_CP1_CI_AS",
      maxSizeBytes: maxSize(sku, inDtus),
      zoneRedundant: false,
      readScale: sku.tier === "Premium" || sku.tier === "BusinessCritical" ? "Enabled" : "Disabled",
      availabilityZone: "NoPreference",
      isLedgerOn: false,
      maintenanceConfigurationId: `${subscription}/providers/Microsoft.Maintenance/publicMaintenanceConfigurations/SQL_Default`,
      ...sent,
      ...(pool && { elasticPoolId: pool.id }),
      requestedBackupStorageRedundancy: redundancy,
      currentBackupStorageRedundancy: redundancy,
      currentSku: sku,
      currentServiceObjectiveName: objective,
      requestedServiceObjectiveName: objective,
      ...(secondary !== undefined && { defaultSecondaryLocation: secondary }),
      databaseId: existing?.properties.databaseId ?? randomUUID(),
      earliestRestoreDate: existing?.properties.earliestRestoreDate ?? new Date().toISOString(),
      isInfraEncryptionEnabled: false,
      status: "Online",
    },
  };
}

/**
 * The size of a database in a pool is the pool's.
 * Source: azure-rest-api-specs, Microsoft.Sql/stable/2023-08-01/examples/ListDatabasesByElasticPool.json.
 */
function inPool(pool: ArmResource): DatabaseSize {
  const tier = skuOf(pool)?.tier;
  return { sku: { name: POOL_SKU, ...(tier && { tier }), capacity: 0 }, objective: POOL_SKU };
}

/** Of a database that leaves its pool, no size is known. */
function ownSku(existing: ArmResource | undefined): DatabaseSku | undefined {
  const sku = skuOf(existing);
  return sku?.name === POOL_SKU ? undefined : sku;
}

/** The largest size of a database for which a client names none. */
function maxSize({ tier }: DatabaseSku, inDtus: boolean): number {
  if (tier === "Basic") return 2 * GIGABYTE;
  return inDtus ? (tier === "Premium" ? 500 : 250) * GIGABYTE : 32 * GIGABYTE;
}
