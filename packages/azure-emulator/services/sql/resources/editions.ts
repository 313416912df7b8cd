import { type SqlSku, sqlSizes } from "../../../../azure-resource-types";

/** A size of databases, as `sku` and service objective name it. */
export interface Size {
  readonly sku: string;
  /** Of sizes in virtual cores; the others are in DTUs. */
  readonly family?: string;
  readonly capacities: readonly number[];
}

const inDtus = (sizes: Readonly<Record<string, number>>): readonly Size[] =>
  Object.entries(sizes).map(([sku, capacity]) => ({ sku, capacities: [capacity] }));

/** Azure SQL's tiers with their usual sizes; the first of each is the tier's default, the first tier the default one. */
export const editions: Readonly<Record<string, readonly Size[]>> = {
  GeneralPurpose: [byVCores("GP_Gen5"), byVCores("GP_S_Gen5")],
  BusinessCritical: [byVCores("BC_Gen5")],
  Hyperscale: [byVCores("HS_Gen5")],
  Basic: inDtus({ Basic: 5 }),
  Standard: inDtus({ S0: 10, S1: 20, S2: 50, S3: 100, S4: 200, S6: 400, S7: 800, S9: 1600, S12: 3000 }),
  Premium: inDtus({ P1: 125, P2: 250, P4: 500, P6: 1000, P11: 1750, P15: 4000 }),
};

function byVCores(sku: SqlSku): Size {
  return { sku, family: "Gen5", capacities: sqlSizes[sku].map(({ vCores }) => vCores) };
}

/** `sku` of a database. */
export interface DatabaseSku {
  readonly name: string;
  readonly tier?: string;
  readonly family?: string;
  readonly capacity?: number;
}

/** The `sku` of a database or a pool, or of a body for one; the type's shape has been checked. */
export function skuOf(one: { readonly sku?: unknown } | undefined): DatabaseSku | undefined {
  return one?.sku as DatabaseSku | undefined;
}

export interface DatabaseSize {
  /** As Azure writes the size, whatever of it a client left out. */
  readonly sku: DatabaseSku;
  /** The name of the service objective: `GP_S_Gen5_1`, `S0`. */
  readonly objective: string;
}

/**
 * The size that a client asks for: by a name (`GP_S_Gen5`, `S0`), a service objective (`GP_S_Gen5_2`) or a tier of DTUs with a capacity.
 * Source: learn.microsoft.com/azure/azure-sql/database/resource-limits-vcore-single-databases and resource-limits-dtu-single-databases.
 */
export function databaseSize(asked: DatabaseSku | undefined): DatabaseSize {
  const { name, capacity } = asked ?? { name: "GP_Gen5" };
  const [, base = name, suffix] = /^(.*?)(?:_(\d+))?$/.exec(name) ?? [];
  for (const [tier, sizes] of Object.entries(editions))
    for (const { sku, family, capacities } of sizes) {
      const [least = 0] = capacities;
      if (family !== undefined && sameName(sku, base)) {
        const cores = capacity ?? (suffix === undefined ? least : Number(suffix));
        return { sku: { name: sku, tier, family, capacity: cores }, objective: `${sku}_${cores}` };
      }
      if (
        family === undefined &&
        (sameName(sku, name) || (sameName(tier, name) && (capacity ?? least) === least))
      )
        return { sku: { name: tier, tier, capacity: least }, objective: sku };
    }
  return { sku: asked ?? { name }, objective: name };
}

const sameName = (one: string, other: string) => one.toLowerCase() === other.toLowerCase();
