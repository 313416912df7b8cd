import type { TypedValue, ValueType } from "../language/system-functions";
import type { ByteReader } from "./byte-reader";
import { counted, partial } from "./long-values";
import { dataType, ProtocolError } from "./protocol";

/**
 * Reads the rest of a TYPE_INFO and the value after it, in PostgreSQL's text form (MS-TDS 2.2.5.5).
 * @returns undefined for any other type
 */
export function readExact(reader: ByteReader, type: number): TypedValue | undefined {
  switch (type) {
    case dataType.decimalN:
    case dataType.numericN:
      return decimal(reader);
    case dataType.floatN:
      reader.u8();
      return value("float", sized(reader), floating);
    case dataType.guid:
      reader.u8();
      return value("uuid", sized(reader), guid);
    case dataType.date:
      return value("date", sized(reader), (bytes) => dateOf(days(bytes)));
    case dataType.time:
      return scaled(reader, "time", (bytes, scale) => timeOf(bytes, scale));
    case dataType.dateTime2:
      return scaled(reader, "datetime2", dateAndTime);
    case dataType.dateTimeOffset:
      return scaled(
        reader,
        "datetimeoffset",
        (bytes, scale) => `${dateAndTime(bytes.subarray(0, -2), scale)}+00`,
      );
    case dataType.dateTimeN:
      reader.u8();
      return value("datetime2", sized(reader), dateTime);
    case dataType.varBinary:
      return value("binary", binary(reader), (bytes) => `\\x${bytes.toString("hex")}`);
    default:
      return undefined;
  }
}

function value(type: ValueType, bytes: Buffer | null, text: (bytes: Buffer) => string): TypedValue {
  return { type, value: bytes === null ? null : text(bytes) };
}

/** A value after its length in one byte; null for an empty one. */
function sized(reader: ByteReader): Buffer | null {
  const length = reader.u8();
  return length === 0 ? null : reader.take(length);
}

function scaled(
  reader: ByteReader,
  type: ValueType,
  text: (bytes: Buffer, scale: number) => string,
): TypedValue {
  const scale = reader.u8();
  if (scale > 7) throw new ProtocolError(`a time with ${scale} digits`);
  return value(type, sized(reader), (bytes) => text(bytes, scale));
}

const unlimited = 0xffff;

function binary(reader: ByteReader): Buffer | null {
  return reader.u16() === unlimited ? partial(reader) : counted(reader);
}

/** A sign, then the digits without the point as a whole number. */
function decimal(reader: ByteReader): TypedValue {
  reader.skip(2);
  const scale = reader.u8();
  return value("numeric", sized(reader), (bytes) => {
    let whole = 0n;
    for (const byte of bytes.subarray(1).toReversed()) whole = (whole << 8n) | BigInt(byte);
    const digits = String(whole).padStart(scale + 1, "0");
    const point = digits.length - scale;
    const text = scale === 0 ? digits : `${digits.slice(0, point)}.${digits.slice(point)}`;
    return bytes[0] === 0 ? `-${text}` : text;
  });
}

function floating(bytes: Buffer): string {
  if (bytes.length !== 4 && bytes.length !== 8) throw new ProtocolError(`a float of ${bytes.length} bytes`);
  return String(bytes.length === 4 ? bytes.readFloatLE() : bytes.readDoubleLE());
}

/** The first three groups are little-endian. */
function guid(bytes: Buffer): string {
  if (bytes.length !== 16) throw new ProtocolError(`a uniqueidentifier of ${bytes.length} bytes`);
  const part = (from: number, to: number): Buffer => bytes.subarray(from, to);
  const groups = [
    part(0, 4).toReversed(),
    part(4, 6).toReversed(),
    part(6, 8).toReversed(),
    part(8, 10),
    part(10, 16),
  ];
  return groups.map((group) => Buffer.from(group).toString("hex")).join("-");
}

const millisecondsOfDay = 86_400_000;
/** Days from 0001-01-01 and from 1900-01-01 to 1970-01-01. */
const epochDays = 719_162;
const epochDaysOfDateTime = 25_567;

/** Days since 1970-01-01 of three bytes. */
function days(bytes: Buffer): number {
  if (bytes.length !== 3) throw new ProtocolError(`a date of ${bytes.length} bytes`);
  return bytes.readUIntLE(0, 3) - epochDays;
}

function dateOf(day: number): string {
  const date = new Date(day * millisecondsOfDay);
  if (Number.isNaN(date.getTime())) throw new ProtocolError("a date out of range");
  return date.toISOString().slice(0, 10);
}

/** Units of 10^-scale seconds since midnight, in three to five bytes. */
function timeOf(bytes: Buffer, scale: number): string {
  if (bytes.length < 3 || bytes.length > 5) throw new ProtocolError(`a time of ${bytes.length} bytes`);
  const units = bytes.readUIntLE(0, bytes.length);
  const fraction = String(units % 10 ** scale).padStart(scale, "0");
  return clock(Math.floor(units / 10 ** scale)) + (scale === 0 ? "" : `.${fraction}`);
}

function clock(seconds: number): string {
  const two = (number: number): string => String(number).padStart(2, "0");
  return `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}

function dateAndTime(bytes: Buffer, scale: number): string {
  return `${dateOf(days(bytes.subarray(-3)))} ${timeOf(bytes.subarray(0, -3), scale)}`;
}

/** datetime: days since 1900-01-01 and 300ths of a second, rounded to milliseconds as SQL Server shows it; or smalldatetime. */
function dateTime(bytes: Buffer): string {
  if (bytes.length === 4)
    return `${dateOf(bytes.readUInt16LE() - epochDaysOfDateTime)} ${clock(bytes.readUInt16LE(2) * 60)}`;
  if (bytes.length !== 8) throw new ProtocolError(`a datetime of ${bytes.length} bytes`);
  const milliseconds = Math.round((bytes.readUInt32LE(4) * 10) / 3);
  const fraction = String(milliseconds % 1000).padStart(3, "0");
  return `${dateOf(bytes.readInt32LE() - epochDaysOfDateTime)} ${clock(Math.floor(milliseconds / 1000))}.${fraction}`;
}
