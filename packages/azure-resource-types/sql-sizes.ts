/**
 * The sizes of a single Azure SQL database by SKU, standard-series (Gen5).
 * Source: learn.microsoft.com/azure/azure-sql/database/resource-limits-vcore-single-databases.
 */
export interface SqlSize {
  readonly vCores: number;
  /** The most gigabytes that it holds; undefined: it grows by itself and takes no size (Hyperscale). */
  readonly maxGb?: number;
  /** Serverless only: the fewest vCores that it can have. */
  readonly minVCores?: number;
}

export type SqlSku = "GP_S_Gen5" | "GP_Gen5" | "BC_Gen5" | "HS_Gen5";

/** vCores and gigabytes. */
const provisioned: readonly (readonly [vCores: number, maxGb: number])[] = [
  [2, 1024],
  [4, 1024],
  [6, 1536],
  [8, 2048],
  [10, 2048],
  [12, 3072],
  [14, 3072],
  [16, 3072],
  [18, 3072],
  [20, 3072],
  [24, 4096],
  [32, 4096],
  [40, 4096],
  [80, 4096],
];

/** The least is an eighth of the vCores, and at least half a one. */
const serverless: readonly SqlSize[] = [[1, 512] as const, ...provisioned].map(([vCores, maxGb]) => ({
  vCores,
  maxGb,
  minVCores: Math.max(0.5, vCores / 8),
}));
const withStorage: readonly SqlSize[] = provisioned.map(([vCores, maxGb]) => ({ vCores, maxGb }));
const hyperscale: readonly SqlSize[] = provisioned.map(([vCores]) => ({ vCores }));

/** The sizes of each SKU, the smallest first. */
export const sqlSizes: Readonly<Record<SqlSku, readonly [SqlSize, ...SqlSize[]]>> = {
  GP_S_Gen5: some(serverless),
  GP_Gen5: some(withStorage),
  BC_Gen5: some(withStorage),
  HS_Gen5: some(hyperscale),
};

function some(sizes: readonly SqlSize[]): readonly [SqlSize, ...SqlSize[]] {
  return sizes as readonly [SqlSize, ...SqlSize[]];
}

/** The size of that many vCores; undefined if the SKU has none. */
export function sqlSize(sku: SqlSku, vCores: number): SqlSize | undefined {
  return sqlSizes[sku].find((size) => size.vCores === vCores);
}
