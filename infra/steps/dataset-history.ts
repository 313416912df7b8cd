import { MAX_NAME_BYTES } from "../../database/physical-name";
import { QtError } from "../../errors/qt-error";
import type { DatasetInput } from "../dataset-schema";

/**
 * Refuses what qt.configure would refuse of a database that has `previous`: another key in the same table, a table of another
 * dataset. Where names leave a doubt it is left to the database.
 * @throws QtError QT4021, QT4022
 */
export function refuseMovedRows(datasets: readonly DatasetInput[], previous: readonly DatasetInput[]): void {
  const owners = new Map(previous.map((dataset) => [dataset.table, dataset]));
  for (const { id, table, keyColumns = [] } of datasets) {
    const owner = owners.get(table);
    if (owner === undefined) continue;
    if (owner.id !== id) throw new QtError("QT4022", { table });
    if (areOtherColumns(keyColumns, owner.keyColumns ?? []))
      throw new QtError("QT4021", { dataset: id, table });
  }
}

/** True where two lists of headers become other columns for certain. */
function areOtherColumns(a: readonly string[], b: readonly string[]): boolean {
  if (![...a, ...b].every(isPlain)) return false;
  const names = (headers: readonly string[]) => [...new Set(headers.map(letters))].sort().join();
  return names(a) !== names(b);
}

/** What no rule of naming changes: neither accents nor a cut at the end. */
function isPlain(header: string): boolean {
  return /^[\x20-\x7e]*$/.test(header) && header.replace(/[A-Z0-9]/g, "_$&").length <= MAX_NAME_BYTES;
}

function letters(header: string): string {
  return header.toLowerCase().replace(/[^a-z0-9]/g, "");
}
