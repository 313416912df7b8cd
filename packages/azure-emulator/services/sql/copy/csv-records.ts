import { isUtf8 } from "node:buffer";
import { pipeline } from "node:stream";
import { parse } from "csv-parse";
import { EmulatorError } from "../../../errors/emulator-error";
import type { CsvHeader } from "./csv-header";

/** The cells of a record in the header's order; null is an empty cell without quotes. */
export type CsvRecord = (string | null)[];

/**
 * Reads checked records. Everything that PostgreSQL's COPY refuses is refused with the same code.
 * @param bytes of `checkedRecords`, in any pieces
 * @throws EmulatorError QT6112, QT6113 or QT6115, or the error from reading the bytes
 */
export async function* csvRecords(
  header: CsvHeader,
  bytes: AsyncIterable<Buffer>,
): AsyncGenerator<CsvRecord, void, undefined> {
  const columns = header.columns.length;
  // Counted here: csv-parse counts a CRLF in quotes as two lines.
  let line = header.lines + 1;
  const parser = parse({
    // One character a byte, which `decoded` turns into text; csv-parse would replace bytes that are not UTF-8.
    encoding: "latin1",
    record_delimiter: "\n",
    relax_column_count: true,
    cast: (cell, { quoting }) => {
      if (cell === "") return quoting ? "" : null;
      const text = decoded(cell);
      if (text === undefined) throw new EmulatorError("QT6115", { line, reason: "it is not UTF-8" });
      if (quoting) line += text.split("\n").length - 1;
      return text;
    },
    on_record: (record) => {
      if (record.length > columns) throw new EmulatorError("QT6112", { line, columns });
      if (record.length < columns) throw new EmulatorError("QT6113", { line, columns });
      line++;
      return record;
    },
  });
  // Errors of the source and of the parser both reach the reader.
  pipeline(bytes, parser, () => undefined);
  yield* parser;
}

/** The text of a cell; undefined if its bytes are not UTF-8. */
function decoded(cell: string): string | undefined {
  if (!/[\x80-\xff]/.test(cell)) return cell;
  const bytes = Buffer.from(cell, "latin1");
  return isUtf8(bytes) ? bytes.toString("utf8") : undefined;
}
