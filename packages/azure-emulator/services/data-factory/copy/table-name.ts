import { toText } from "../expressions/text";
import { ActivityError } from "../run/activity-error";
import { type BoundDataset, wrongType } from "../run/connections";

/** Schema and table of an AzureSqlTable dataset: `schema` and `table`, or the older `tableName` as "schema.table". */
export function stagingTable(dataset: BoundDataset): { readonly schema: string; readonly table: string } {
  if (dataset.type !== "AzureSqlTable") throw wrongType(dataset, "AzureSqlTable");
  const [schema, table, tableName] = ["schema", "table", "tableName"].map((key) =>
    toText(dataset.typeProperties.get(key) ?? null),
  );
  if (schema && table) return { schema, table };
  const match = /^\[?([^[\].]+)\]?\.\[?([^[\].]+)\]?$/.exec(tableName ?? "");
  if (match?.[1] === undefined || match[2] === undefined) {
    throw new ActivityError(
      "BadRequest",
      `The table of dataset '${dataset.name}' must be named schema.table.`,
    );
  }
  return { schema: match[1], table: match[2] };
}
