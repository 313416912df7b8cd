import { EmulatorError } from "../../../errors/emulator-error";
import type { CsvReading } from "../sql-service";
import type { CsvHeader } from "./csv-header";
import { ShortRowFill } from "./short-row-fill";

/** The longest record, in bytes; a longer one must have an unclosed quote. */
const longestRecord = 256 << 20;

const quote = 0x22;
const comma = 0x2c;
const carriageReturn = 0x0d;
const lineFeed = 0x0a;

/** Where in a record the next byte stands. */
type Place = "cellStart" | "bareCell" | "quotedCell" | "afterQuote" | "afterCarriageReturn";

/**
 * Checks the bytes after a CSV header for what one sink would refuse and another change: quotes that neither begin nor end a cell, zero
 * bytes, an unclosed quote. Each line break outside quotes becomes a line feed, because Data Factory reads all three kinds, also mixed.
 * @param bytes in any pieces
 * @param shortRow whether records with too few values get the commas that they lack
 * @throws EmulatorError QT6114 or QT6115, or the error from reading the bytes
 */
export async function* checkedRecords(
  header: CsvHeader,
  bytes: AsyncIterable<Buffer>,
  shortRow: CsvReading["shortRow"] = "refused",
): AsyncGenerator<Buffer, void, undefined> {
  const check = new RecordCheck(header);
  const columns = header.columns.length;
  // With one column an empty line is a row with NULL already.
  const fill = shortRow === "filledWithNull" && columns > 1 ? new ShortRowFill(columns) : undefined;
  for await (const chunk of bytes) {
    const checked = check.next(chunk);
    const filled = fill?.next(checked) ?? checked;
    if (filled.length > 0) yield filled;
  }
  check.end();
  const rest = fill?.end();
  if (rest !== undefined) yield rest;
}

class RecordCheck {
  #place: Place = "cellStart";
  #line: number;
  /** The line on which the record begins. */
  #recordLine: number;
  /** Commas outside quotes since the record's beginning. */
  #commas = 0;
  #recordBytes = 0;

  constructor(readonly header: CsvHeader) {
    this.#line = this.#recordLine = header.lines + 1;
  }

  next(chunk: Buffer): Buffer {
    if (chunk.length === 0) return chunk;
    const isQuoting = this.#place === "quotedCell" || this.#place === "afterQuote";
    const checked =
      isQuoting || chunk.includes(quote) || chunk.includes(carriageReturn) || chunk.includes(0)
        ? this.#byByte(chunk)
        : this.#plain(chunk);
    if (this.#recordBytes > longestRecord) throw new EmulatorError("QT6114", { line: this.#recordLine });
    return checked;
  }

  end(): void {
    if (this.#place === "quotedCell") throw new EmulatorError("QT6114", { line: this.#recordLine });
  }

  /** A chunk without quotes, carriage returns and zero bytes: most chunks of most files, and many times faster. */
  #plain(chunk: Buffer): Buffer {
    const isRestOfBreak = this.#place === "afterCarriageReturn" && chunk[0] === lineFeed;
    const rest = isRestOfBreak ? chunk.subarray(1) : chunk;
    let begin = 0;
    for (let at = rest.indexOf(lineFeed); at >= 0; at = rest.indexOf(lineFeed, begin)) {
      this.#endRecord();
      begin = at + 1;
    }
    for (let at = rest.indexOf(comma, begin); at >= 0; at = rest.indexOf(comma, at + 1)) this.#commas++;
    this.#recordBytes += rest.length - begin;
    const last = rest.at(-1) ?? lineFeed;
    this.#place = last === comma || last === lineFeed ? "cellStart" : "bareCell";
    return rest;
  }

  #byByte(chunk: Buffer): Buffer {
    const checked = Buffer.allocUnsafe(chunk.length);
    let length = 0;
    let place = this.#place;
    for (let byte of chunk) {
      if (byte === 0) throw this.#refusal("has a zero byte (NUL)");
      this.#recordBytes++;
      if (place === "quotedCell") {
        if (byte === quote) place = "afterQuote";
        else if (byte === lineFeed) this.#line++;
      } else if (place === "afterQuote" && byte === quote) {
        place = "quotedCell";
      } else if (byte === comma) {
        this.#commas++;
        place = "cellStart";
      } else if (byte === lineFeed || byte === carriageReturn) {
        const isRestOfBreak = byte === lineFeed && place === "afterCarriageReturn";
        place = byte === lineFeed ? "cellStart" : "afterCarriageReturn";
        if (isRestOfBreak) continue;
        this.#endRecord();
        byte = lineFeed;
      } else if (place === "afterQuote") {
        throw this.#refusal("has text after its closing quote");
      } else if (byte !== quote) {
        place = "bareCell";
      } else if (place === "bareCell") {
        throw this.#refusal("has a quote, but does not begin with one");
      } else {
        place = "quotedCell";
      }
      checked[length++] = byte;
    }
    this.#place = place;
    return checked.subarray(0, length);
  }

  #endRecord(): void {
    this.#recordLine = ++this.#line;
    this.#commas = 0;
    this.#recordBytes = 0;
  }

  /** An error about the current cell. */
  #refusal(fault: string): EmulatorError {
    const name = this.header.columns[this.#commas];
    const column = `column ${this.#commas + 1}${name === undefined ? "" : ` (\`${name}\`)`}`;
    return new EmulatorError("QT6115", { line: this.#line, reason: `the value of ${column} ${fault}` });
  }
}
