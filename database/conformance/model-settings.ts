import type { DatasetInput } from "../../infra/dataset-schema";

export type ColumnType = "text" | "int" | "decimal(6,2)" | "float" | "bit" | "date" | "datetime2";

export interface Declared {
  readonly type: ColumnType;
  readonly onError: "fail" | "null";
}

/** What a dataset's settings may be during a history. Its key and the key's type stay. */
export interface Settings {
  readonly key: readonly string[];
  readonly idType: "text" | "int";
  readonly a: Declared;
  readonly b: Declared;
  readonly premium: Declared;
  /** What becomes of the header `Premium (£)`, in any spelling. */
  readonly pounds: "plain" | "named" | "excluded";
  readonly allowEmpty: boolean;
  readonly maxColumnChangePercent: 50 | 100;
}

export const poundHeader = "Premium (£)";
export const dollarHeader = "Premium ($)";

/** The columns that headers become, written down rather than computed; a header that is not here has no letter or digit of ours. */
export const columnNames: ReadonlyMap<string, string> = new Map([
  ...["id", "ID", "Id"].map((header) => [header, "id"] as const),
  ...["part", "Part"].map((header) => [header, "part"] as const),
  ...["a", "A"].map((header) => [header, "a"] as const),
  ...["B b", "b_b", "bB"].map((header) => [header, "b_b"] as const),
  ...[poundHeader, "premium £", dollarHeader].map((header) => [header, "premium_"] as const),
  ["_version", "_version"],
]);

export const isPounds = (header: string): boolean => header.includes("£");

export const undeclared: Declared = { type: "text", onError: "fail" };

/** The declared types by column. */
export function declaredTypes(settings: Settings): Map<string, Declared> {
  const types = new Map<string, Declared>([
    ["a", settings.a],
    ["b_b", settings.b],
  ]);
  if (settings.key.includes("id")) types.set("id", { type: settings.idType, onError: "fail" });
  if (settings.pounds !== "excluded")
    types.set(settings.pounds === "named" ? "premium_gbp" : "premium_", settings.premium);
  return types;
}

/** The settings as a tenant's file has them. */
export function datasetInput(id: string, settings: Settings): DatasetInput {
  const { key, pounds, allowEmpty, maxColumnChangePercent } = settings;
  return {
    id,
    table: id,
    keyColumns: [...key],
    types: {
      a: settings.a,
      "B b": settings.b,
      ...(key.includes("id") && { id: { type: settings.idType } }),
      ...(pounds !== "excluded" && { [poundHeader]: settings.premium }),
    },
    columns: pounds === "named" ? { [poundHeader]: "premium_gbp" } : {},
    exclude: pounds === "excluded" ? [poundHeader] : [],
    guards: { allowEmpty, maxColumnChangePercent },
  };
}
