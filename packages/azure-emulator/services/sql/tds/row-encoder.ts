import type { FieldDef } from "pg";
import { isoTimestamp, typeId } from "../postgres/value-types";
import { type ExactKind, exactType, writeExact, writeExactType } from "./exact-types";
import type { MessageWriter } from "./message-writer";
import { collation, dataType } from "./protocol";

/** The conversion of a column: PostgreSQL's text form becomes a value of a TDS type. */
type ColumnKind = "text" | "limited" | "bigint" | "int" | "bit" | "timestamp" | ExactKind;

export interface TdsColumn {
  readonly name: string;
  readonly kind: ColumnKind;
  /** The most bytes of a value in a `limited` column. */
  readonly size: number;
  /** The precision of a decimal. */
  readonly precision: number;
  /** The digits after the point of a decimal, or of a time's seconds. */
  readonly scale: number;
}

const kinds: Readonly<Record<number, ColumnKind>> = {
  [typeId.int8]: "bigint",
  [typeId.int4]: "int",
  [typeId.bool]: "bit",
  [typeId.timestamptz]: "timestamp",
};

export function tdsColumns(fields: readonly FieldDef[]): TdsColumn[] {
  return fields.map((field) => {
    const size = limitOf(field);
    const exact = exactType(field);
    const kind = kinds[field.dataTypeID] ?? exact?.kind ?? (size === undefined ? "text" : "limited");
    const { precision = 0, scale = 0 } = exact ?? {};
    return { name: field.name, kind, size: size ?? 0, precision, scale };
  });
}

/** The largest size of an nvarchar(n), in bytes. */
const longestLimited = 8000;

/** A varchar(n) becomes an nvarchar(2n), because n characters may be twice as many code units in UTF-16; undefined if that is too long. */
function limitOf({ dataTypeID, dataTypeModifier }: FieldDef): number | undefined {
  if (dataTypeID !== typeId.varchar || dataTypeModifier < 0) return undefined;
  // PostgreSQL's modifier includes four bytes for the length.
  const size = (dataTypeModifier - 4) * 4;
  return size <= longestLimited ? size : undefined;
}

const token = { columnMetadata: 0x81, row: 0xd1 } as const;
const nullableOfUnknownUpdatability = 0x0009;

/** COLMETADATA */
export function writeColumns(writer: MessageWriter, columns: readonly TdsColumn[]): void {
  writer.u8(token.columnMetadata).u16(columns.length);
  for (const column of columns) {
    const { name, kind, size } = column;
    writer.u32(0).u16(nullableOfUnknownUpdatability);
    if (kind === "bigint") writer.u8(dataType.intN).u8(8);
    else if (kind === "int") writer.u8(dataType.intN).u8(4);
    else if (kind === "bit") writer.u8(dataType.bitN).u8(1);
    else if (kind === "text" || kind === "limited" || kind === "timestamp")
      writer
        .u8(dataType.nVarChar)
        .u16(kind === "limited" ? size : 0xffff)
        .bytes(collation);
    else writeExactType(writer, kind, column);
    writer.shortText(name);
  }
}

/** The most bytes that a cell needs in addition to two for each of its own. */
const cellOverhead = 20;
/** Up to this length a loop in JavaScript is faster than the two calls that make and write a string. */
const shortText = 64;

/**
 * ROW, straight from a DataRow message (u16 count, then u32 length and text of each cell) into the writer's buffer.
 * This is the hot path of every read: no object is made for a cell.
 */
export function writeRow(
  writer: MessageWriter,
  columns: readonly TdsColumn[],
  bytes: Buffer,
  start: number,
  end: number,
): void {
  writer.reserve(1 + columns.length * cellOverhead + 2 * (end - start));
  const out = writer.buffer;
  let to = writer.at;
  let from = start + 2;
  out[to++] = token.row;
  for (const column of columns) {
    const length = bytes.readInt32BE(from);
    from += 4;
    switch (column.kind) {
      case "text":
        to = length < 0 ? writeNullText(out, to) : writeText(out, to, bytes, from, length);
        break;
      case "limited":
        to = length < 0 ? writeU16(out, to, 0xffff) : writeLimited(out, to, bytes, from, length);
        break;
      case "timestamp":
        to =
          length < 0
            ? writeNullText(out, to)
            : writeString(out, to, isoTimestamp(bytes.toString("latin1", from, from + length)));
        break;
      case "bigint":
        to = length < 0 ? writeNull(out, to) : writeBigInt(out, to, bytes, from, length);
        break;
      case "int":
        to = length < 0 ? writeNull(out, to) : writeInt(out, to, bytes, from, length);
        break;
      case "bit":
        if (length < 0) to = writeNull(out, to);
        else {
          out[to++] = 1;
          out[to++] = bytes[from] === 0x74 ? 1 : 0;
        }
        break;
      default:
        to = writeOther(out, to, column, column.kind, bytes, from, length);
    }
    if (length > 0) from += length;
  }
  writer.at = to;
}

/** Apart from the loop over the cells, which must stay small to be fast. */
function writeOther(
  out: Buffer,
  to: number,
  column: TdsColumn,
  kind: ExactKind,
  bytes: Buffer,
  from: number,
  length: number,
): number {
  const text = length < 0 ? null : bytes.toString("latin1", from, from + length);
  return writeExact(out, to, kind, column, text);
}

function writeNull(out: Buffer, to: number): number {
  out[to] = 0;
  return to + 1;
}

/** PLP null: a length of eight 0xFF. */
function writeNullText(out: Buffer, to: number): number {
  return out.fill(0xff, to, to + 8) ? to + 8 : to;
}

/** PLP with a known length and one chunk. */
function writeText(out: Buffer, to: number, bytes: Buffer, from: number, length: number): number {
  return finishText(out, to, writeCharacters(out, to + 12, bytes, from, length));
}

function writeString(out: Buffer, to: number, text: string): number {
  return finishText(out, to, out.write(text, to + 12, "utf16le"));
}

/** Writes the lengths around the `size` bytes at `to + 12`. */
function finishText(out: Buffer, to: number, size: number): number {
  writeU32(out, to, size);
  writeU32(out, to + 4, 0);
  writeU32(out, to + 8, size);
  // An empty value has no chunk: the length of its first chunk, zero, is the terminator.
  if (size === 0) return to + 12;
  writeU32(out, to + 12 + size, 0);
  return to + 16 + size;
}

/** A length of two bytes, then the value. */
function writeLimited(out: Buffer, to: number, bytes: Buffer, from: number, length: number): number {
  const size = writeCharacters(out, to + 2, bytes, from, length);
  writeU16(out, to, size);
  return to + 2 + size;
}

/** Converts UTF-8 to UTF-16LE. Returns the number of bytes written at `to`. */
function writeCharacters(out: Buffer, to: number, bytes: Buffer, from: number, length: number): number {
  if (length > shortText) return out.write(bytes.toString("utf8", from, from + length), to, "utf16le");
  let at = to;
  for (let index = from; index < from + length; index++) {
    const code = bytes[index] as number;
    if (code >= 0x80) return out.write(bytes.toString("utf8", from, from + length), to, "utf16le");
    out[at] = code;
    out[at + 1] = 0;
    at += 2;
  }
  return at - to;
}

function writeU16(out: Buffer, to: number, value: number): number {
  out[to] = value;
  out[to + 1] = value >>> 8;
  return to + 2;
}

function writeU32(out: Buffer, to: number, value: number): void {
  out[to] = value;
  out[to + 1] = value >>> 8;
  out[to + 2] = value >>> 16;
  out[to + 3] = value >>> 24;
}

/** The number of digits that a double always holds exactly. */
const exactDigits = 15;

function writeBigInt(out: Buffer, to: number, bytes: Buffer, from: number, length: number): number {
  out[to] = 8;
  if (length > exactDigits) {
    out.writeBigInt64LE(BigInt(bytes.toString("latin1", from, from + length)), to + 1);
    return to + 9;
  }
  const value = parseInteger(bytes, from, length);
  writeU32(out, to + 1, value >>> 0);
  writeU32(out, to + 5, Math.floor(value / 0x1_0000_0000));
  return to + 9;
}

function writeInt(out: Buffer, to: number, bytes: Buffer, from: number, length: number): number {
  out[to] = 4;
  writeU32(out, to + 1, parseInteger(bytes, from, length));
  return to + 5;
}

function parseInteger(bytes: Buffer, from: number, length: number): number {
  const negative = bytes[from] === 0x2d;
  let value = 0;
  for (let index = negative ? from + 1 : from; index < from + length; index++) {
    value = value * 10 + (bytes[index] as number) - 0x30;
  }
  return negative ? -value : value;
}
