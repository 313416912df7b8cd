import { type Connection, TYPES } from "tedious";
import type { CsvRecord } from "./csv-records";
import { identifier, type ServerTable } from "./server-table";

/**
 * Sends records as one INSERT BULK, a row at a time as the server takes them.
 * @returns rows written
 * @throws what reading the records threw, or RequestError; no row is written then
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
      // The driver writes `[name]` and does not look into it.
      load.addColumn(identifier(column).slice(1, -1), TYPES.NVarChar, {
        length: Number.POSITIVE_INFINITY,
        nullable: true,
      });
    }
    connection.execBulkLoad(load, rows());
  });
}
