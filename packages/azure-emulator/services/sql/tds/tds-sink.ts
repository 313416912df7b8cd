import type { FieldDef } from "pg";
import type { ResultSink } from "../session/result-sink";
import type { SqlServerError } from "../session/sql-server-error";
import type { MessageWriter } from "./message-writer";
import { type TdsColumn, tdsColumns, writeColumns, writeRow } from "./row-encoder";
import {
  doneStatus,
  writeDone,
  writeError,
  writeInfo,
  writeReturnStatus,
  writeReturnValue,
  writeTransactionChange,
} from "./tokens";

/** Writes the results of a session as one response message. */
export class TdsSink implements ResultSink {
  #columns: readonly TdsColumn[] = [];
  counted = true;
  #silent = false;

  constructor(
    readonly writer: MessageWriter,
    /** Within a call, recordsets end with DONEINPROC: with DONE, mssql's execute() would see none of them. */
    readonly kind: "batch" | "call",
    readonly server: string,
    /** Resolves when the client has received everything sent. */
    readonly drained: () => Promise<void>,
  ) {}

  /** The client cancelled: nothing more of this response is sent. */
  silence(): void {
    this.#silent = true;
  }

  recordset(fields: readonly FieldDef[]): void {
    this.#columns = tdsColumns(fields);
    if (!this.#silent) writeColumns(this.writer, this.#columns);
  }

  row(bytes: Buffer, at: number, end: number): void {
    if (!this.#silent) writeRow(this.writer, this.#columns, bytes, at, end);
  }

  endOfRecordset(rows: number): void {
    if (this.#silent) return;
    const kind = this.kind === "call" ? "doneInProcedure" : "done";
    const status = doneStatus.more | (this.counted ? doneStatus.count : 0);
    writeDone(this.writer, kind, status, this.counted ? BigInt(rows) : 0n);
  }

  info(message: string): void {
    if (!this.#silent) writeInfo(this.writer, 50_000, message, this.server);
  }

  endOfCall(): void {
    if (this.#silent || this.kind === "call") return;
    writeReturnStatus(this.writer, 0);
    writeDone(this.writer, "doneProcedure", doneStatus.more);
  }

  transaction(change: "begin" | "commit" | "rollback", descriptor: bigint): void {
    writeTransactionChange(this.writer, change, descriptor);
  }

  pressure(): Promise<void> | undefined {
    if (this.#silent) return undefined;
    this.writer.flushIfFull();
    return this.writer.writable ? undefined : this.drained();
  }

  /** The last tokens of the message, or of one call if `more` follow. */
  finish(end: { error?: SqlServerError; handle?: number; more?: boolean } = {}): void {
    const { error, handle, more } = end;
    if (error !== undefined) writeError(this.writer, error, this.server);
    const status =
      (error ? doneStatus.error : doneStatus.final) | (more ? doneStatus.more : doneStatus.final);
    if (this.kind === "batch") {
      writeDone(this.writer, "done", status);
      return;
    }
    writeReturnStatus(this.writer, error ? -6 : 0);
    if (handle !== undefined) writeReturnValue(this.writer, 0, "@handle", handle);
    writeDone(this.writer, "doneProcedure", status);
  }
}
