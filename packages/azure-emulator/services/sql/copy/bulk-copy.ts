import type { Connection } from "tedious";
import type { CopyCsvRequest, CopyCsvResult } from "../sql-service";
import { bulkLoad } from "./bulk-load";
import { csvRecords } from "./csv-records";
import { CsvSource } from "./csv-source";
import { dropTable, serverTable } from "./server-table";
import { openConnection, runBatch } from "./tds-client";

/**
 * Streams a CSV into a table of a real SQL Server with a bulk load, as Data Factory's copy does: one login with the factory's token, the
 * pre-copy script, a table of nvarchar(max) columns named by the header, one INSERT BULK. A failure leaves no row, and drops a table that
 * the copy created.
 * @throws EmulatorError QT6110 to QT6119, QT6121, the server's own errors, AbortError
 */
export async function bulkCopy(request: CopyCsvRequest): Promise<CopyCsvResult> {
  const { signal, csv } = request;
  signal?.throwIfAborted();
  const connection = await openConnection(request);
  const stop = (): void => {
    csv.destroy();
    // No attention: some servers do not answer it, and closing the connection undoes the same.
    connection.close();
  };
  signal?.addEventListener("abort", stop);
  try {
    return await copy(connection, request);
  } catch (error) {
    // If it was aborted, the reason is the abort, whatever failed because of it.
    signal?.throwIfAborted();
    throw error;
  } finally {
    signal?.removeEventListener("abort", stop);
    connection.close();
  }
}

async function copy(connection: Connection, request: CopyCsvRequest): Promise<CopyCsvResult> {
  if (request.preCopyScript?.trim()) await runBatch(connection, request.preCopyScript);
  const source = new CsvSource(request.csv, request.reading);
  const header = await source.header();
  if (header === undefined) return { rowsCopied: 0, dataRead: source.bytes, columns: [] };
  const table = await serverTable(connection, request, header.columns);
  try {
    const records = csvRecords(header, source.records(header));
    const rowsCopied = await bulkLoad(connection, table, records);
    return { rowsCopied, dataRead: source.bytes, columns: [...header.columns] };
  } catch (error) {
    // The table is created outside a transaction, which would block readers of the catalogue for the whole copy.
    if (table.isNew) await removed(connection, request, table.name);
    throw error;
  }
}

/** On a new connection, after the failed one is closed and has released its lock on the table. */
async function removed(failed: Connection, request: CopyCsvRequest, table: string): Promise<void> {
  failed.close();
  const connection = await openConnection(request);
  try {
    await runBatch(connection, dropTable(table));
  } finally {
    connection.close();
  }
}
