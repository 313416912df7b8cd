import { type Connection, TYPES } from "tedious";
import type { CsvRecord } from "./csv-records";
import { identifier, type ServerTable } from "./server-table";

/**
 * Sends records as one INSERT BULK, row by row at the server's pace.
 * @returns rows written
 * @throws the error from reading the records, or RequestError; no row is written then
 */
export function bulkLoad(
  connection: Connection,
  table: Pick<ServerTable, "name" | "columns">,
  records: AsyncIterable<CsvRecord>,
): Promise<number> {
  return new Promise((resolve, reject) => {
    let unreadable: { readonly reason: unknown } | undefined;
    async function* rows(): AsyncGenerator<CsvRecord> {
      try {
        yield* records;
      } catch (reason) {
        unreadable = { reason };
        throw reason;
      }
    }
    const load = connection.newBulkLoad(table.name, (error, count) => {
      if (unreadable !== undefined) reject(unreadable.reason);
      else if (error) reject(error);
      else resolve(count ?? 0);
    });
    for (const column of table.columns) {
      // The driver writes `[name]` without escaping the name.
      load.addColumn(identifier(column).slice(1, -1), TYPES.NVarChar, {
        length: Number.POSITIVE_INFINITY,
        nullable: true,
      });
    }
    connection.execBulkLoad(load, rows());
  });
}
