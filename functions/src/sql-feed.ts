import sql from "mssql";
import { QtError } from "../../errors/qt-error";
import { isJsonObject } from "../../packages/kit/json-object";
import type { ChangeReader, ChangesHead, ChangesQuery, Column, Dataset, Feed } from "./feed";
import type { SqlConnection } from "./sql-connection";

type Row = readonly unknown[];
type Fields = Readonly<Record<string, unknown>>;

/** Calls the database's feed procedures with `mssql` and streams their rows. */
export class SqlFeed implements Feed {
  constructor(private readonly connection: SqlConnection) {}

  async listDatasets(signal: AbortSignal): Promise<Dataset[]> {
    const datasets: Dataset[] = [];
    const request = (await this.connection.pool(signal)).request();
    const started = performance.now();
    const end = await stream(request, "qt.list_datasets", signal, (set, row, names) => {
      if (set === 0) datasets.push(datasetOf(fieldsOf(names, row)));
      return true;
    });
    // A partial list would look like a complete one: "nothing to send".
    if (end === "stopped") throw tooLate(started);
    return datasets;
  }

  async changes(query: ChangesQuery, reader: ChangeReader, signal: AbortSignal): Promise<"end" | "stopped"> {
    const request = (await this.connection.pool(signal)).request();
    request.input("dataset_id", sql.NVarChar(200), query.datasetId);
    request.input("epoch", sql.NVarChar(36), query.epoch);
    request.input("after_version", sql.BigInt, query.afterVersion);
    request.input("after_row", sql.BigInt, query.afterRow);
    request.input("upto", sql.BigInt, query.upto);
    request.input("limit", sql.Int, query.limit);
    const started = performance.now();
    let sawHead = false;
    const end = await stream(request, "qt.changes", signal, (set, row, names) => {
      if (set > 0) return reader.row(row);
      sawHead = true;
      reader.head(headOf(fieldsOf(names, row)));
      return true;
    });
    if (!sawHead)
      throw end === "end" ? disagreement("qt.changes", "it returned no status") : tooLate(started);
    return end;
  }
}

const tooLate = (started: number) =>
  new QtError("QT5012", { seconds: Math.round((performance.now() - started) / 1000) });

/** Called for each row with the number of its recordset, the row and the names of its columns. */
type OnRow = (set: number, row: Row, names: readonly string[]) => boolean;

/**
 * Executes a procedure and passes on its rows as they arrive, without collecting them. Ends early if `onRow` returns false or the
 * signal fires; the connection stays usable.
 */
async function stream(
  request: sql.Request,
  procedure: string,
  signal: AbortSignal,
  onRow: OnRow,
): Promise<"end" | "stopped"> {
  request.stream = true;
  request.arrayRowMode = true;
  let set = -1;
  let names: readonly string[] = [];
  let stopped = false;
  let failure: unknown;
  const stop = () => {
    if (stopped) return;
    stopped = true;
    request.cancel();
  };
  request.on("recordset", (columns: unknown) => {
    set++;
    names = (columns as { name: string }[]).map(({ name }) => name);
  });
  request.on("row", (row: unknown) => {
    if (stopped) return;
    try {
      if (!onRow(set, row as Row, names)) stop();
    } catch (error) {
      failure = error;
      stop();
    }
  });
  request.on("error", (error: unknown) => {
    // Our own cancellation is reported as an error too.
    if (!stopped) failure ??= error;
  });
  signal.addEventListener("abort", stop);
  try {
    if (signal.aborted) return "stopped";
    await endSoonAfter(signal, request.execute(procedure));
  } finally {
    signal.removeEventListener("abort", stop);
  }
  if (failure !== undefined) throw failure;
  return stopped ? "stopped" : "end";
}

/** How long a cancelled call may take to end. */
const CANCEL_MS = 5_000;

/** Waits for a call, but not long after the signal: one that still logs in cannot be cancelled. */
function endSoonAfter(signal: AbortSignal, call: Promise<unknown>): Promise<void> {
  return new Promise((resolve, reject) => {
    let patience: NodeJS.Timeout | undefined;
    const wait = () => {
      patience = setTimeout(resolve, CANCEL_MS);
    };
    signal.addEventListener("abort", wait);
    const done = () => {
      signal.removeEventListener("abort", wait);
      clearTimeout(patience);
    };
    call.finally(done).then(() => resolve(), reject);
  });
}

function fieldsOf(names: readonly string[], row: Row): Fields {
  return Object.fromEntries(names.map((name, index) => [name, row[index]]));
}

function datasetOf(fields: Fields): Dataset {
  const procedure = "qt.list_datasets";
  return {
    id: text(fields.dataset_id),
    table: text(fields.table_name),
    status: text(fields.status),
    epoch: guid(fields.epoch),
    publishedVersion: whole(procedure, "published_version", fields.published_version ?? 0),
    purgedThrough: whole(procedure, "purged_through", fields.purged_through ?? 0),
    keyColumns: keyColumns(procedure, fields.key_columns),
    columns: columnList(procedure, fields.columns),
  };
}

function headOf(fields: Fields): ChangesHead {
  const procedure = "qt.changes";
  const { status } = fields;
  if (status !== "ok" && status !== "resync" && status !== "unknown") {
    throw disagreement(procedure, `it returned the status ${text(status)}`);
  }
  return {
    status,
    epoch: guid(fields.epoch),
    upto: whole(procedure, "upto", fields.upto ?? 0),
    purgedThrough: whole(procedure, "purged_through", fields.purged_through ?? 0),
    keyColumns: status === "ok" ? keyColumns(procedure, fields.key_columns) : [],
    columns: status === "ok" ? columnList(procedure, fields.columns) : [],
  };
}

const text = (value: unknown): string => (value === null || value === undefined ? "" : String(value));

/** SQL Server writes GUIDs in upper case, others do not; cursors must compare equal. */
const guid = (value: unknown): string => text(value).toLowerCase();

/** The driver returns a bigint as text. */
function whole(procedure: string, field: string, value: unknown): number {
  const number = Number(value);
  if (Number.isSafeInteger(number)) return number;
  throw disagreement(procedure, `${field} is not a whole number`);
}

function keyColumns(procedure: string, value: unknown): string[] {
  const list = json(procedure, "key_columns", value);
  if (list.every((name) => typeof name === "string")) return list;
  throw disagreement(procedure, "key_columns is not a list of names");
}

function columnList(procedure: string, value: unknown): Column[] {
  return json(procedure, "columns", value).map((column) => {
    if (isJsonObject(column) && typeof column.name === "string" && typeof column.type === "string") {
      return { name: column.name, type: column.type };
    }
    throw disagreement(procedure, "columns is not a list of names and types");
  });
}

/** A JSON array in a text column; NULL is an empty one. */
function json(procedure: string, field: string, value: unknown): unknown[] {
  if (value === null || value === undefined || value === "") return [];
  try {
    const parsed: unknown = JSON.parse(text(value));
    if (Array.isArray(parsed)) return parsed;
  } catch {
    // Falls through to the error below.
  }
  throw disagreement(procedure, `${field} is not a JSON array`);
}

const disagreement = (procedure: string, reason: string) => new QtError("QT5011", { procedure, reason });
