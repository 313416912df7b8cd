/**
 * A size of an elastic pool, standard-series (Gen5) or in eDTUs.
 * Source: learn.microsoft.com/azure/azure-sql/database/resource-limits-vcore-elastic-pools, resource-limits-dtu-elastic-pools.
 */
export interface SqlPoolSize {
  /** vCores or eDTUs. */
  readonly capacity: number;
  readonly maxDatabases: number;
  /** The most gigabytes that the pool holds; undefined: it grows by itself (Hyperscale), or is not known here (eDTUs). */
  readonly maxGb?: number;
}

export type SqlPoolSku = "GP_Gen5" | "BC_Gen5" | "HS_Gen5" | "BasicPool" | "StandardPool" | "PremiumPool";

export interface SqlPoolSizes {
  readonly tier: string;
  /** Of sizes in vCores. */
  readonly family?: "Gen5";
  /** The smallest first. */
  readonly sizes: readonly SqlPoolSize[];
}

const vCores = [2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 24, 32, 40, 80];
/** From these vCores on, a pool holds so many gigabytes. */
const generalPurposeGb: readonly Step[] = [
  [2, 512],
  [4, 756],
  [6, 1536],
  [8, 2048],
  [18, 3072],
  [32, 4096],
];
const businessCriticalGb: readonly Step[] = [
  [4, 1024],
  [6, 1536],
  [8, 2048],
  [12, 3072],
  [24, 4096],
];
type Step = readonly [from: number, value: number];

const basic = [50, 100, 200, 300, 400, 800, 1200, 1600];
const standard = [...basic, 2000, 2500, 3000];
const premium = [125, 250, 500, 1000, 1500, 2000, 2500, 3000, 3500, 4000];
const fromFiftyDtus: readonly Step[] = [
  [50, 100],
  [100, 200],
  [200, 500],
];
const fromPremiumDtus: readonly Step[] = [
  [125, 50],
  [250, 100],
];

/** The sizes of each SKU. */
export const sqlPoolSizes: Readonly<Record<SqlPoolSku, SqlPoolSizes>> = {
  GP_Gen5: {
    tier: "GeneralPurpose",
    family: "Gen5",
    sizes: sizes(
      vCores,
      [
        [2, 100],
        [4, 200],
        [6, 500],
      ],
      generalPurposeGb,
    ),
  },
  BC_Gen5: {
    tier: "BusinessCritical",
    family: "Gen5",
    sizes: sizes(
      vCores.filter((count) => count >= 4),
      [
        [4, 50],
        [6, 100],
      ],
      businessCriticalGb,
    ),
  },
  // learn.microsoft.com/azure/azure-sql/database/hyperscale-elastic-pool-overview: at least 4 vCores, at most 25 databases.
  HS_Gen5: {
    tier: "Hyperscale",
    family: "Gen5",
    sizes: sizes(
      vCores.filter((count) => count >= 4),
      [[4, 25]],
    ),
  },
  BasicPool: { tier: "Basic", sizes: sizes(basic, fromFiftyDtus) },
  StandardPool: { tier: "Standard", sizes: sizes(standard, fromFiftyDtus) },
  PremiumPool: { tier: "Premium", sizes: sizes(premium, fromPremiumDtus) },
};

function sizes(
  capacities: readonly number[],
  databases: readonly Step[],
  gigabytes: readonly Step[] = [],
): readonly SqlPoolSize[] {
  const at = (steps: readonly Step[], capacity: number) => steps.findLast(([from]) => from <= capacity)?.[1];
  return capacities.map((capacity) => {
    const maxGb = at(gigabytes, capacity);
    return {
      capacity,
      maxDatabases: at(databases, capacity) ?? 0,
      ...(maxGb !== undefined && { maxGb }),
    };
  });
}

/** True if the sizes of the SKU are known here; other hardware than Gen5 is not. */
export function isSqlPoolSku(name: unknown): name is SqlPoolSku {
  return typeof name === "string" && Object.hasOwn(sqlPoolSizes, name);
}

/** The size of a pool as Resource Manager shows its `sku`; undefined if it is not known here. */
export function sqlPoolSize(sku: {
  readonly name?: unknown;
  readonly capacity?: unknown;
}): SqlPoolSize | undefined {
  if (!isSqlPoolSku(sku.name)) return undefined;
  return sqlPoolSizes[sku.name].sizes.find(({ capacity }) => capacity === sku.capacity);
}
