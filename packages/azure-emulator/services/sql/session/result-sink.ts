import type { FieldDef } from "pg";

/** Receives the results of a session; the TDS endpoint writes it to the wire. */
export interface ResultSink {
  /** Whether the number of rows is sent: not under NOCOUNT. */
  counted: boolean;
  /** A recordset begins. */
  recordset(fields: readonly FieldDef[]): void;
  /** A row in PostgreSQL's wire format (see RowReceiver). */
  row(bytes: Buffer, at: number, end: number): void;
  endOfRecordset(rows: number): void;
  /** The message of a RAISE NOTICE (PRINT). */
  info(message: string): void;
  /** A called procedure ended. */
  endOfCall(): void;
  transaction(change: "begin" | "commit" | "rollback", descriptor: bigint): void;
  /** If it returns a promise, no more rows come until it resolves. */
  pressure(): Promise<void> | undefined;
}

/** For callers that need only the effect. */
export const discard: ResultSink = {
  counted: false,
  recordset() {},
  row() {},
  endOfRecordset() {},
  info() {},
  endOfCall() {},
  transaction() {},
  pressure: () => undefined,
};
