import type { FieldDef } from "pg";
import { typeId } from "../postgres/value-types";
import { SqlServerError } from "../session/sql-server-error";
import type { MessageWriter } from "./message-writer";
import { dataType } from "./protocol";

/** Types whose values are seldom read in large numbers: they are converted through strings and numbers. */
export type ExactKind =
  | "smallint"
  | "float"
  | "real"
  | "decimal"
  | "uuid"
  | "date"
  | "time"
  | "datetime2"
  | "binary";

/** A type with the digits that it has. */
export interface ExactType {
  readonly kind: ExactKind;
  readonly precision?: number;
  readonly scale?: number;
}

/** A decimal as a row's column has it, or a time. */
interface Digits {
  readonly precision: number;
  readonly scale: number;
}

const kinds: Readonly<Record<number, ExactKind>> = {
  [typeId.int2]: "smallint",
  [typeId.float8]: "float",
  [typeId.float4]: "real",
  [typeId.uuid]: "uuid",
  [typeId.date]: "date",
  [typeId.bytea]: "binary",
};

const largestPrecision = 38;
/** Of datetime2 and time. */
const defaultScale = 7;

/**
 * The TDS type for a field of PostgreSQL (MS-TDS 2.2.5.5); undefined if it has none of these. A numeric without precision is no
 * decimal: nothing says how many digits its values have.
 */
export function exactType({ dataTypeID, dataTypeModifier }: FieldDef): ExactType | undefined {
  const kind = kinds[dataTypeID];
  if (kind !== undefined) return { kind };
  if (dataTypeID === typeId.timestamp || dataTypeID === typeId.time) {
    const scale = dataTypeModifier < 0 ? defaultScale : dataTypeModifier;
    return { kind: dataTypeID === typeId.time ? "time" : "datetime2", scale };
  }
  if (dataTypeID !== typeId.numeric || dataTypeModifier < 0) return undefined;
  // PostgreSQL's modifier: four, the precision in the upper half, the scale in the lower.
  const precision = (dataTypeModifier - 4) >> 16;
  const scale = (dataTypeModifier - 4) & 0x7ff;
  return precision <= largestPrecision && scale <= precision
    ? { kind: "decimal", precision, scale }
    : undefined;
}

/** TYPE_INFO */
export function writeExactType(writer: MessageWriter, kind: ExactKind, { precision, scale }: Digits): void {
  switch (kind) {
    case "smallint":
      writer.u8(dataType.intN).u8(2);
      return;
    case "float":
      writer.u8(dataType.floatN).u8(8);
      return;
    case "real":
      writer.u8(dataType.floatN).u8(4);
      return;
    case "decimal":
      writer
        .u8(dataType.numericN)
        .u8(1 + magnitudeSize(precision))
        .u8(precision)
        .u8(scale);
      return;
    case "uuid":
      writer.u8(dataType.guid).u8(16);
      return;
    case "date":
      writer.u8(dataType.date);
      return;
    case "time":
      writer.u8(dataType.time).u8(scale);
      return;
    case "datetime2":
      writer.u8(dataType.dateTime2).u8(scale);
      return;
    case "binary":
      writer.u8(dataType.varBinary).u16(0xffff);
  }
}

/**
 * Writes a value from PostgreSQL's text form. Returns the position after it.
 * @throws SqlServerError 8115 for a value that SQL Server's type does not have, such as NaN or infinity
 */
export function writeExact(
  out: Buffer,
  to: number,
  kind: ExactKind,
  digits: Digits,
  text: string | null,
): number {
  if (kind === "binary") return writeBinary(out, to, text);
  if (text === null) {
    out[to] = 0;
    return to + 1;
  }
  const value = bytesOf(kind, digits, text);
  out[to] = value.length;
  return to + 1 + value.copy(out, to + 1);
}

function bytesOf(kind: Exclude<ExactKind, "binary">, digits: Digits, text: string): Buffer {
  switch (kind) {
    case "smallint":
      return filled(2, (bytes) => bytes.writeInt16LE(Number(text)));
    case "float":
      return filled(8, (bytes) => bytes.writeDoubleLE(finite(text, "float")));
    case "real":
      return filled(4, (bytes) => bytes.writeFloatLE(finite(text, "real")));
    case "decimal":
      return decimal(text, digits.precision);
    case "uuid":
      return guid(text);
    case "date":
      return days(text);
    case "time":
      return timeOfDay(text, digits.scale);
    case "datetime2": {
      const [date = "", time = ""] = text.split(" ");
      return Buffer.concat([timeOfDay(time, digits.scale), days(date)]);
    }
  }
}

function filled(size: number, fill: (bytes: Buffer) => void): Buffer {
  const bytes = Buffer.alloc(size);
  fill(bytes);
  return bytes;
}

function finite(text: string, type: string): number {
  const value = Number(text);
  return Number.isFinite(value) ? value : overflow(type);
}

/** Bytes of a decimal's digits, by its precision. */
function magnitudeSize(precision: number): number {
  return precision <= 9 ? 4 : precision <= 19 ? 8 : precision <= 28 ? 12 : 16;
}

/** A sign, then the digits without the point as a whole number. PostgreSQL writes all digits of the scale. */
function decimal(text: string, precision: number): Buffer {
  if (!/^-?[\d.]+$/.test(text)) return overflow("numeric");
  const negative = text.startsWith("-");
  let rest = BigInt(text.replace(/[-.]/g, ""));
  const bytes = Buffer.alloc(1 + magnitudeSize(precision));
  bytes[0] = negative ? 0 : 1;
  for (let at = 1; at < bytes.length; at++) {
    bytes[at] = Number(rest & 0xffn);
    rest >>= 8n;
  }
  return bytes;
}

/** The first three groups are little-endian. */
function guid(text: string): Buffer {
  const bytes = Buffer.from(text.replaceAll("-", ""), "hex");
  bytes.subarray(0, 4).reverse();
  bytes.subarray(4, 6).reverse();
  bytes.subarray(6, 8).reverse();
  return bytes;
}

const millisecondsOfDay = 86_400_000;
/** Days from 0001-01-01 to 1970-01-01. */
const epochDays = 719_162;

/** Days since 0001-01-01, in three bytes. */
function days(text: string): Buffer {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return overflow("date");
  const number = Date.parse(`${text}T00:00:00Z`) / millisecondsOfDay + epochDays;
  return filled(3, (bytes) => bytes.writeUIntLE(number, 0, 3));
}

/** Units of 10^-scale seconds since midnight, in three to five bytes. */
function timeOfDay(text: string, scale: number): Buffer {
  const [, hours, minutes, seconds, fraction = ""] =
    /^(\d\d):(\d\d):(\d\d)(?:\.(\d+))?$/.exec(text) ?? overflow("time");
  const whole = (Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds);
  const units = Number(fraction.padEnd(scale, "0").slice(0, scale) || 0);
  const size = scale <= 2 ? 3 : scale <= 4 ? 4 : 5;
  return filled(size, (bytes) => bytes.writeUIntLE(whole * 10 ** scale + units, 0, size));
}

/** PLP, like a text of that type. PostgreSQL writes `\x` and hexadecimal digits. */
function writeBinary(out: Buffer, to: number, text: string | null): number {
  if (text === null) return out.fill(0xff, to, to + 8) ? to + 8 : to;
  const size = out.write(text.slice(2), to + 12, "hex");
  out.writeBigUInt64LE(BigInt(size), to);
  out.writeUInt32LE(size, to + 8);
  if (size === 0) return to + 12;
  out.writeUInt32LE(0, to + 12 + size);
  return to + 16 + size;
}

function overflow(type: string): never {
  throw new SqlServerError(8115, `Arithmetic overflow error converting expression to data type ${type}.`, {
    state: 2,
  });
}
