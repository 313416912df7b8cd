import { EmulatorError } from "../../../errors/emulator-error";

/** The header record of a CSV file. */
export interface CsvHeader {
  readonly columns: readonly string[];
  /** Bytes up to the first data record, including a byte order mark. */
  readonly length: number;
  /** Its number of physical lines; more than one if a name contains a line break. */
  readonly lines: number;
}

const quote = 0x22;
const comma = 0x2c;
const carriageReturn = 0x0d;
const lineFeed = 0x0a;
const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Parses the header record (RFC 4180, UTF-8).
 * @param atEnd no more bytes follow
 * @returns undefined if the record is not complete yet, or (`atEnd`) if there is none
 * @throws EmulatorError QT6110, QT6111, QT6114 or QT6115
 */
export function parseCsvHeader(bytes: Buffer, atEnd: boolean): CsvHeader | undefined {
  refuseUtf16(bytes);
  const start = bytes.subarray(0, 3).equals(byteOrderMark) ? 3 : 0;
  const columns: string[] = [];
  let cell: number[] = [];
  let quoted = false;
  /** Of this cell, the closing quote was read. */
  let closed = false;
  let lines = 1;
  let at = start;
  for (; at < bytes.length; at++) {
    const byte = bytes[at] as number;
    if (quoted) {
      if (byte === lineFeed) lines++;
      if (byte !== quote) cell.push(byte);
      else if (bytes[at + 1] === quote) cell.push(bytes[++at] as number);
      else if (at + 1 === bytes.length && !atEnd) return undefined;
      else {
        quoted = false;
        closed = true;
      }
    } else if (byte === comma) {
      columns.push(decoded(cell));
      cell = [];
      closed = false;
    } else if (byte === lineFeed || byte === carriageReturn) {
      // A CR at the end may be half of a CRLF.
      if (byte === carriageReturn && at + 1 === bytes.length && !atEnd) return undefined;
      const length = at + (byte === carriageReturn && bytes[at + 1] === lineFeed ? 2 : 1);
      columns.push(decoded(cell));
      return { columns: checked(columns), length, lines };
    } else if (closed) {
      throw invalid(`the name of column ${columns.length + 1} has text after its closing quote`);
    } else if (byte !== quote) {
      cell.push(byte);
    } else if (cell.length > 0) {
      throw invalid(`the name of column ${columns.length + 1} has a quote, but does not begin with one`);
    } else {
      quoted = true;
    }
  }
  if (!atEnd || at === start) return undefined;
  if (quoted) throw new EmulatorError("QT6114", { line: 1 });
  columns.push(decoded(cell));
  return { columns: checked(columns), length: at, lines };
}

/** No UTF-8 begins with UTF-16's byte order mark; without one, its zero bytes show UTF-16. */
function refuseUtf16(bytes: Buffer): void {
  const [first, second] = bytes;
  const marked = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  if (marked || first === 0 || second === 0) {
    throw invalid("it is UTF-16, not UTF-8");
  }
}

const invalid = (reason: string): EmulatorError => new EmulatorError("QT6115", { line: 1, reason });

function decoded(cell: readonly number[]): string {
  if (cell.includes(0)) throw invalid("a column's name has a zero byte (NUL)");
  try {
    return utf8.decode(Uint8Array.from(cell));
  } catch {
    throw invalid("it is not UTF-8");
  }
}

function checked(columns: readonly string[]): readonly string[] {
  const seen = new Map<string, number>();
  columns.forEach((name, index) => {
    if (name === "") throw new EmulatorError("QT6110", { column: index + 1 });
    const first = seen.get(name);
    if (first !== undefined) throw new EmulatorError("QT6111", { name, first, second: index + 1 });
    seen.set(name, index + 1);
  });
  return columns;
}
