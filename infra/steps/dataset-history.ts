import { MAX_NAME_BYTES } from "../../database/physical-name";
import { QtError } from "../../errors/qt-error";
import { ownMember } from "../../packages/kit/json-object";
import type { DatasetInput } from "../dataset-schema";

/**
 * Refuses what qt.configure would refuse in a database that has `previous`: another key in the same table, or a table of another
 * dataset. If the names leave a doubt, the database decides.
 * @throws QtError QT4021, QT4022
 */
export function refuseMovedRows(datasets: readonly DatasetInput[], previous: readonly DatasetInput[]): void {
  const owners = new Map(previous.map((dataset) => [dataset.table, dataset]));
  for (const dataset of datasets) {
    const { id, table } = dataset;
    const owner = owners.get(table);
    if (owner === undefined) continue;
    if (owner.id !== id) throw new QtError("QT4022", { table });
    if (areOtherColumns(keysOf(dataset), keysOf(owner))) throw new QtError("QT4021", { dataset: id, table });
  }
}

/** The headers of the key; the column's name in place of a header that has one. */
function keysOf({ keyColumns = [], columns = {} }: DatasetInput): string[] {
  return keyColumns.map((header) => String(ownMember(columns, header) ?? header));
}

/** True if two lists of headers certainly become different columns. */
function areOtherColumns(a: readonly string[], b: readonly string[]): boolean {
  if (![...a, ...b].every(isPlain)) return false;
  const names = (headers: readonly string[]) => [...new Set(headers.map(letters))].sort().join();
  return names(a) !== names(b);
}

/** True if no naming rule can change the header: it has no accents and is not cut at the end. */
function isPlain(header: string): boolean {
  return /^[\x20-\x7e]*$/.test(header) && header.replace(/[A-Z0-9]/g, "_$&").length <= MAX_NAME_BYTES;
}

function letters(header: string): string {
  return header.toLowerCase().replace(/[^a-z0-9]/g, "");
}
