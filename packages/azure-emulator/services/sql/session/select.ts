import type { FieldDef } from "pg";
import type { CastType, Expression, Literal } from "../language/expression";
import type { SelectColumn } from "../language/statement";
import {
  type SessionFacts,
  systemValue,
  type TypedValue,
  type ValueType,
} from "../language/system-functions";
import { typeId } from "../postgres/value-types";
import type { ResultSink } from "./result-sink";
import { SqlServerError } from "./sql-server-error";
import { type Variables, variableOf } from "./variables";

/** Answers a SELECT without a table, such as the `SELECT 1` that mssql sends before every reuse of a pooled connection. */
export function sendSelect(
  columns: readonly SelectColumn[],
  variables: Variables,
  facts: SessionFacts,
  sink: ResultSink,
): void {
  const values = columns.map(({ value }) => evaluate(value, variables, facts));
  sink.recordset(values.map((value, index) => field(columns[index]?.name ?? "", value)));
  const row = dataRow(values.map(textForm));
  sink.row(row, 0, row.length);
  sink.endOfRecordset(1);
}

function evaluate(expression: Expression, variables: Variables, facts: SessionFacts): TypedValue {
  switch (expression.kind) {
    case "literal":
      return literal(expression);
    case "variable":
      return variableOf(expression.name, variables);
    case "function":
      return systemValue(expression.name, expression.arguments, facts);
    case "cast":
      return cast(evaluate(expression.of, variables, facts), expression.to);
  }
}

function literal({ type, value }: Literal): TypedValue {
  if (type === "numeric" && value !== null) return { type, value: value.replace(/\.$/, "") };
  return { type, value };
}

const integers: ReadonlySet<CastType> = new Set(["int", "bigint", "bit"]);

function cast({ value }: TypedValue, to: CastType): TypedValue {
  if (!integers.has(to)) return { type: to === "sysname" ? "name" : "text", value };
  const type = to as ValueType;
  if (value === null) return { type, value };
  if (!/^-?\d+$/.test(value))
    throw new SqlServerError(
      245,
      `Conversion failed when converting the value '${value}' to data type ${to}.`,
    );
  return { type, value: to === "bit" ? String(Number(BigInt(value) !== 0n)) : value };
}

const types: Readonly<Record<Exclude<ValueType, "numeric">, readonly [id: number, modifier?: number]>> = {
  smallint: [typeId.int2],
  int: [typeId.int4],
  bigint: [typeId.int8],
  bit: [typeId.bool],
  float: [typeId.float8],
  text: [typeId.text],
  // nvarchar(128), the type of names: the encoder doubles the length of a varchar.
  name: [typeId.varchar, 64 + 4],
  uuid: [typeId.uuid],
  date: [typeId.date],
  time: [typeId.time],
  datetime2: [typeId.timestamp],
  datetimeoffset: [typeId.timestamptz],
  binary: [typeId.bytea],
};

/** PostgreSQL writes a bit as `t` or `f`. */
function textForm({ type, value }: TypedValue): string | null {
  return type === "bit" && value !== null ? (value === "0" ? "f" : "t") : value;
}

function field(name: string, { type, value }: TypedValue): FieldDef {
  const [dataTypeID, dataTypeModifier = -1] =
    type === "numeric" ? [typeId.numeric, numericModifier(value ?? "")] : types[type];
  return { name, dataTypeID, dataTypeModifier, tableID: 0, columnID: 0, dataTypeSize: -1, format: "text" };
}

/** PostgreSQL's encoding of the precision and the scale that a number's digits have. */
function numericModifier(digits: string): number {
  const [, whole = "", fraction = ""] = /^-?(\d*)\.?(\d*)$/.exec(digits) ?? [];
  const precision = Math.max(1, whole.length + fraction.length);
  return ((precision << 16) | fraction.length) + 4;
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
