import type { TypedValue } from "../language/system-functions";
import type { ByteReader } from "./byte-reader";
import { readExact } from "./exact-parameters";
import { counted, partial } from "./long-values";
import { dataType, ProtocolError } from "./protocol";

/** A parameter of a type that the endpoint does not support. */
export class UnsupportedTypeError extends Error {
  override readonly name = "UnsupportedTypeError";
  constructor(
    readonly parameter: string,
    readonly type: number,
  ) {
    super(
      `Parameter ${parameter || "(unnamed)"} has data type 0x${type.toString(16).padStart(2, "0")}; ` +
        "the local SQL endpoint supports the types of whole numbers, decimal, float, bit, text, binary, uniqueidentifier, date, time " +
        "and datetime2.",
    );
  }
}

/**
 * Reads a TYPE_INFO and the value after it, in the text form that PostgreSQL reads: digits, or the text itself.
 * @throws ProtocolError | UnsupportedTypeError
 */
export function readParameterValue(reader: ByteReader, name: string): TypedValue {
  const type = reader.u8();
  switch (type) {
    case dataType.int1:
      return integer(reader, 1);
    case dataType.int2:
      return integer(reader, 2);
    case dataType.int4:
      return integer(reader, 4);
    case dataType.int8:
      return integer(reader, 8);
    case dataType.bit:
      return bit(reader, 1);
    case dataType.intN: {
      const size = reader.u8();
      return integer(reader, reader.u8(), size);
    }
    case dataType.bitN:
      reader.u8();
      return bit(reader, reader.u8());
    case dataType.nVarChar:
    case dataType.nChar:
      return { type: "text", value: characters(reader, "utf16le") };
    case dataType.varChar:
    case dataType.char:
      return { type: "text", value: characters(reader, "windows-1252") };
    default:
      return readExact(reader, type) ?? refuse(name, type);
  }
}

function refuse(name: string, type: number): never {
  throw new UnsupportedTypeError(name, type);
}

/** `0` or `1`, as SQL Server writes a bit as text. */
function bit(reader: ByteReader, length: number): TypedValue {
  return { type: "bit", value: length === 0 ? null : reader.u8() === 0 ? "0" : "1" };
}

function integer(reader: ByteReader, length: number, size = length): TypedValue {
  const type = size === 8 ? "bigint" : size === 4 ? "int" : "smallint";
  return { type, value: digits(reader, length) };
}

function digits(reader: ByteReader, length: number): string | null {
  switch (length) {
    case 0:
      return null;
    case 1:
      return String(reader.u8());
    case 2:
      return String(reader.bytes.readInt16LE(reader.skip(2)));
    case 4:
      return String(reader.bytes.readInt32LE(reader.skip(4)));
    case 8:
      return String(reader.bytes.readBigInt64LE(reader.skip(8)));
    default:
      throw new ProtocolError(`an integer of ${length} bytes`);
  }
}

const unlimited = 0xffff;

function characters(reader: ByteReader, encoding: "utf16le" | "windows-1252"): string | null {
  const maximum = reader.u16();
  reader.skip(5);
  const bytes = maximum === unlimited ? partial(reader) : counted(reader);
  if (bytes === null) return null;
  return encoding === "utf16le" ? bytes.toString("utf16le") : new TextDecoder("windows-1252").decode(bytes);
}
