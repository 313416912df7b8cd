import { isUtf8 } from "node:buffer";
import { pipeline } from "node:stream";
import { CsvError, parse } from "csv-parse";
import { EmulatorError } from "../../../errors/emulator-error";
import type { CsvHeader } from "./csv-header";

/** The cells of a record in the header's order; null is an empty cell without quotes. */
export type CsvRecord = (string | null)[];

/** The longest record, in bytes; a longer one must have an unclosed quote. */
const longestRecord = 256 << 20;

/**
 * Reads the records after a CSV header by RFC 4180, with any one kind of line break. Everything that PostgreSQL's COPY refuses is refused
 * with the same code. COPY also accepts cells that mix quoted and bare parts (`a"b"`), which csv-parse does not: QT6115 refuses them.
 * @param bytes the bytes after the header, in any pieces
 * @throws EmulatorError QT6112 to QT6115, or the error from reading the bytes
 */
export async function* csvRecords(
  header: CsvHeader,
  bytes: AsyncIterable<Buffer>,
): AsyncGenerator<CsvRecord, void, undefined> {
  const columns = header.columns.length;
  // Counted here: csv-parse counts a CRLF in quotes as two lines.
  let line = header.lines + 1;
  let recordLine = line;
  const parser = parse({
    // One character a byte, which `decoded` turns into text; csv-parse would replace bytes that are not UTF-8.
    encoding: "latin1",
    max_record_size: longestRecord,
    relax_column_count: true,
    cast: (cell, { quoting }) => {
      if (cell === "") return quoting ? "" : null;
      const text = decoded(cell);
      if (text === undefined) throw new EmulatorError("QT6115", { line, reason: "it is not UTF-8" });
      if (quoting) line += text.split("\n").length - 1;
      else if (/[\r\n]/.test(text)) {
        throw new EmulatorError("QT6115", {
          line,
          reason: "its line break differs from those before",
        });
      }
      return text;
    },
    on_record: (record) => {
      if (record.length > columns) throw new EmulatorError("QT6112", { line, columns });
      if (record.length < columns) throw new EmulatorError("QT6113", { line, columns });
      recordLine = ++line;
      return record;
    },
  });
  // Errors of the source and of the parser both reach the reader.
  pipeline(bytes, parser, () => undefined);
  try {
    yield* parser;
  } catch (error) {
    throw refusal(error, recordLine);
  }
}

/** The text of a cell; undefined if its bytes are not UTF-8 or contain a zero byte, which PostgreSQL refuses too. */
function decoded(cell: string): string | undefined {
  if (cell.includes("\0")) return undefined;
  if (!/[\x80-\xff]/.test(cell)) return cell;
  const bytes = Buffer.from(cell, "latin1");
  return isUtf8(bytes) ? bytes.toString("utf8") : undefined;
}

/** The error for csv-parse's, whose own message quotes the cell. `line` is the first line of the record. */
function refusal(error: unknown, line: number): unknown {
  if (!(error instanceof CsvError)) return error;
  switch (error.code) {
    case "CSV_QUOTE_NOT_CLOSED":
    case "CSV_MAX_RECORD_SIZE":
      return new EmulatorError("QT6114", { line });
    case "INVALID_OPENING_QUOTE":
      return new EmulatorError("QT6115", { line, reason: "a quote begins in the middle of a value" });
    case "CSV_INVALID_CLOSING_QUOTE": {
      const reason = "a quoted value is followed by neither a comma nor a line break like those before";
      return new EmulatorError("QT6115", { line, reason });
    }
    default:
      return error;
  }
}
