import type { ClientBase } from "pg";
import { type RowReceiver, type RowStatement, runRows } from "../postgres/row-query";
import type { ResultSink } from "./result-sink";

/** Passes rows on as recordsets. Statements without rows produce nothing. */
export function recordsets(sink: ResultSink): RowReceiver {
  let open = false;
  let rows = 0;
  return {
    fields(fields) {
      open = true;
      rows = 0;
      sink.recordset(fields);
    },
    row(bytes, at, end) {
      rows++;
      sink.row(bytes, at, end);
    },
    complete() {
      if (open) sink.endOfRecordset(rows);
      open = false;
    },
    pressure: () => sink.pressure(),
  };
}

/** For procedures that return nothing: the one empty row of a void function is dropped. */
export const effectOnly: RowReceiver = { fields() {}, row() {}, complete() {} };

/** The values of a statement's first column, such as the names of cursors. */
export async function firstColumn(client: ClientBase, statement: RowStatement): Promise<string[]> {
  const values: string[] = [];
  await runRows(client, statement, {
    ...effectOnly,
    row(bytes, at) {
      const length = bytes.readInt32BE(at + 2);
      if (length >= 0) values.push(bytes.toString("utf8", at + 6, at + 6 + length));
    },
  });
  return values;
}
