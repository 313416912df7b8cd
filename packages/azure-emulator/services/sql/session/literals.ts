import type { FieldDef } from "pg";
import type { LiteralColumn } from "../language/statement";
import { typeId } from "../postgres/value-types";
import type { ResultSink } from "./result-sink";

/** Answers `SELECT 1` without PostgreSQL: mssql sends it before every reuse of a pooled connection. */
export function sendLiterals(columns: readonly LiteralColumn[], sink: ResultSink): void {
  sink.recordset(columns.map(({ name, type }) => field(name, type === "int" ? typeId.int4 : typeId.text)));
  const row = dataRow(columns.map(({ value }) => value));
  sink.row(row, 0, row.length);
  sink.endOfRecordset(1);
}

function field(name: string, dataTypeID: number): FieldDef {
  return {
    name,
    dataTypeID,
    tableID: 0,
    columnID: 0,
    dataTypeSize: -1,
    dataTypeModifier: -1,
    format: "text",
  };
}

/** The body of PostgreSQL's DataRow message. */
export function dataRow(values: readonly (string | null)[]): Buffer {
  const head = Buffer.alloc(2);
  head.writeInt16BE(values.length);
  const cells = values.flatMap((value) => {
    const bytes = value === null ? Buffer.alloc(0) : Buffer.from(value, "utf8");
    const length = Buffer.alloc(4);
    length.writeInt32BE(value === null ? -1 : bytes.length);
    return [length, bytes];
  });
  return Buffer.concat([head, ...cells]);
}
