import { QtError } from "../../errors/qt-error";
import type { Dataset } from "./feed";
import { normaliseTableName } from "./names";
import { shown } from "./redact";
import { primaryKeyOf } from "./row-json";

/** A dataset that is sent, and its table at the destination. */
export interface Entry {
  readonly dataset: Dataset;
  /** Name at the destination. */
  readonly table: string;
  /** Columns of the destination's primary key. */
  readonly primaryKey: readonly string[];
}

/**
 * The datasets to send: active, published at least once, and wanted if `wanted` is given.
 * @throws QtError QT5004 for a wanted id that the database does not know, QT5005 for two datasets with one table.
 */
export function entriesOf(datasets: readonly Dataset[], wanted: readonly string[] | undefined): Entry[] {
  const active = datasets.filter(({ status }) => status === "active");
  for (const id of wanted ?? []) {
    if (active.some((dataset) => dataset.id === id)) continue;
    throw new QtError("QT5004", {
      dataset: shown(id),
      known: active.map((dataset) => dataset.id).join(", ") || "none",
    });
  }
  const owners = new Map<string, string>();
  const entries = active.map((dataset) => {
    const table = normaliseTableName(dataset.table);
    const first = owners.get(table);
    if (first !== undefined) throw new QtError("QT5005", { first, second: dataset.id, table });
    owners.set(table, dataset.id);
    return { dataset, table, primaryKey: primaryKeyOf(dataset.keyColumns) };
  });
  return entries.filter(
    ({ dataset }) => dataset.publishedVersion > 0 && (wanted === undefined || wanted.includes(dataset.id)),
  );
}
