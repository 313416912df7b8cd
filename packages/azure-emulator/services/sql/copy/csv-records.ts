import { isUtf8 } from "node:buffer";
import { pipeline } from "node:stream";
import { CsvError, parse } from "csv-parse";
import { EmulatorError } from "../../../errors/emulator-error";
import type { CsvHeader } from "./csv-header";

/** The cells of a record in the header's order; null is an empty cell without quotes. */
export type CsvRecord = (string | null)[];

/** Longest record, in bytes: beyond it a quote is not closed. */
const longestRecord = 256 << 20;

/**
 * Reads the records behind a CSV header by RFC 4180, with any one kind of line end. What PostgreSQL's COPY refuses is refused with the
 * same code. COPY also takes cells of quoted and bare stretches (`a"b"`), which csv-parse does not read: they are refused with QT6115.
 * @param bytes what follows the header, in any pieces
 * @throws EmulatorError QT6112 to QT6115, what reading the bytes threw
 */
export async function* csvRecords(
  header: CsvHeader,
  bytes: AsyncIterable<Buffer>,
): AsyncGenerator<CsvRecord, void, undefined> {
  const columns = header.columns.length;
  // Counted here: csv-parse takes a CRLF in quotes for two lines.
  let line = header.lines + 1;
  let recordLine = line;
  const parser = parse({
    // A string of bytes, of which `decoded` makes text: csv-parse would replace what is not UTF-8.
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
          reason: "its line end is of another kind than those before",
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
  // Errors of either end reach the reader.
  pipeline(bytes, parser, () => undefined);
  try {
    yield* parser;
  } catch (error) {
    throw refusal(error, recordLine);
  }
}

/** The text of a cell; undefined where its bytes are not UTF-8, or hold a zero, which PostgreSQL does not take either. */
function decoded(cell: string): string | undefined {
  if (cell.includes("\0")) return undefined;
  if (!/[\x80-\xff]/.test(cell)) return cell;
  const bytes = Buffer.from(cell, "latin1");
  return isUtf8(bytes) ? bytes.toString("utf8") : undefined;
}

/** csv-parse's complaint, without its text, which quotes the cell. `line`: where the record begins. */
function refusal(error: unknown, line: number): unknown {
  if (!(error instanceof CsvError)) return error;
  switch (error.code) {
    case "CSV_QUOTE_NOT_CLOSED":
    case "CSV_MAX_RECORD_SIZE":
      return new EmulatorError("QT6114", { line });
    case "INVALID_OPENING_QUOTE":
      return new EmulatorError("QT6115", { line, reason: "a quote begins in the middle of a value" });
    case "CSV_INVALID_CLOSING_QUOTE": {
      const reason = "a quoted value is followed by neither a comma nor a line end of the kind before";
      return new EmulatorError("QT6115", { line, reason });
    }
    default:
      return error;
  }
}
