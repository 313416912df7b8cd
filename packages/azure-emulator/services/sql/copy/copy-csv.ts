import { pipeline } from "node:stream/promises";
import type { ClientBase } from "pg";
import { from as copyFrom } from "pg-copy-streams";
import { inTransaction } from "../postgres/in-transaction";
import { runText } from "../session/batch";
import { discard } from "../session/result-sink";
import type { Session } from "../session/session";
import type { CopyCsvRequest, CopyCsvResult } from "../sql-service";
import { copyError } from "./copy-error";
import type { CsvHeader } from "./csv-header";
import { CsvSource } from "./csv-source";
import { refuseLargeRows } from "./row-size";
import { stagingTable } from "./staging-table";

/**
 * Streams a CSV into a table in one transaction: all of it or nothing. The header is parsed here; the records are checked and go
 * to PostgreSQL's COPY.
 * @throws EmulatorError QT6110 to QT6119, QT6121, QT6122, DatabaseError if the user lacks a right, AbortError
 */
export async function copyCsv(session: Session, request: CopyCsvRequest): Promise<CopyCsvResult> {
  const { signal, csv } = request;
  const stop = (): void => {
    session.cancel();
    csv.destroy();
  };
  signal?.throwIfAborted();
  signal?.addEventListener("abort", stop);
  try {
    return await copy(session, request);
  } catch (error) {
    // If it was aborted, the reason is the abort, whatever failed because of it.
    signal?.throwIfAborted();
    throw error;
  } finally {
    signal?.removeEventListener("abort", stop);
  }
}

async function copy(session: Session, request: CopyCsvRequest): Promise<CopyCsvResult> {
  if (request.preCopyScript?.trim()) await runText(session, request.preCopyScript, new Map(), discard);
  const source = new CsvSource(request.csv, request.reading);
  const header = await source.header();
  if (header === undefined) return { rowsCopied: 0, dataRead: source.bytes, columns: [] };
  const rowsCopied = await session.use((client) =>
    inTransaction(client, () => load(client, request, source, header)),
  );
  return { rowsCopied, dataRead: source.bytes, columns: [...header.columns] };
}

async function load(
  client: ClientBase,
  request: CopyCsvRequest,
  source: CsvSource,
  header: CsvHeader,
): Promise<number> {
  const table = await stagingTable(client, request, header.columns);
  const options = `format csv, encoding 'UTF8'${table.isNew ? ", freeze" : ""}`;
  const copy = client.query(
    copyFrom(`copy ${table.name} (${table.columns.join(", ")}) from stdin with (${options})`),
  );
  try {
    await pipeline(source.records(header), copy);
  } catch (error) {
    throw copyError(error, header);
  }
  await refuseLargeRows(client, table);
  return copy.rowCount;
}
