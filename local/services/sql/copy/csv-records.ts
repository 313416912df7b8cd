import { isUtf8 } from "node:buffer";
import { QtError } from "../../../../errors/qt-error";
import type { CsvHeader } from "./csv-header";

/** The cells of a record in the header's order; null is an empty cell without quotes. */
export type CsvRecord = (string | null)[];

/** Longest cell, in UTF-16 code units: beyond it a quote is not closed. */
const longestCell = 256 << 20;
const quote = 0x22;
const comma = 0x2c;
const carriageReturn = 0x0d;
const lineFeed = 0x0a;

/**
 * Reads the records behind a CSV header (RFC 4180) by the rules of PostgreSQL's COPY, so that both sinks take the same files: any
 * number of quoted stretches in a cell, one kind of line end in a file, as many cells as columns. Bytes come in any pieces.
 */
export class CsvRecords {
  readonly #columns: number;
  /** Lines that have ended so far, the header's included. */
  #lines: number;
  #recordLine: number;
  #lineEnd: "\n" | "\r\n" | "\r" | undefined;
  #record: CsvRecord = [];
  #cell = "";
  #hasQuotes = false;
  #inQuotes = false;
  /** A quote or CR at the end of a piece: what it means, the next character says. */
  #held = "";
  /** The beginning of a character that the next piece ends. */
  #bytes: Buffer = Buffer.alloc(0);

  constructor(header: CsvHeader) {
    this.#columns = header.columns.length;
    this.#lines = header.lines;
    this.#recordLine = header.lines + 1;
  }

  /** The records that are whole by now. @throws QtError QT6112, QT6113 or QT6115 */
  push(chunk: Buffer): CsvRecord[] {
    const all = this.#bytes.length === 0 ? chunk : Buffer.concat([this.#bytes, chunk]);
    const whole = all.length - unfinished(all);
    this.#bytes = all.subarray(whole);
    return this.#read(this.#decode(all.subarray(0, whole)), false);
  }

  /** The last record, where the file ends without a line end. @throws QtError QT6112 to QT6115 */
  end(): CsvRecord[] {
    const records = this.#read(this.#decode(this.#bytes), true);
    if (this.#inQuotes) throw new QtError("QT6114", { line: this.#recordLine });
    if (this.#record.length > 0 || this.#cell !== "" || this.#hasQuotes) this.#endRecord(records);
    return records;
  }

  #decode(bytes: Buffer): string {
    if (isUtf8(bytes)) return bytes.toString("utf8");
    let line = this.#lines + 1;
    for (let at = 0; at < bytes.length; line++) {
      const end = bytes.indexOf(lineFeed, at);
      const next = end < 0 ? bytes.length : end + 1;
      if (!isUtf8(bytes.subarray(at, next))) break;
      at = next;
    }
    throw new QtError("QT6115", { line, reason: "it is not UTF-8" });
  }

  #read(piece: string, atEnd: boolean): CsvRecord[] {
    const records: CsvRecord[] = [];
    const text = this.#held + piece;
    this.#held = "";
    let at = 0;
    while (at < text.length) {
      const code = text.charCodeAt(at);
      const isLast = at + 1 === text.length && !atEnd;
      if (this.#inQuotes) at = this.#quoted(text, at, isLast);
      else if (code === quote) {
        this.#hasQuotes = true;
        this.#inQuotes = true;
        at++;
      } else if (code === comma) {
        this.#endCell();
        at++;
      } else if (code === lineFeed || code === carriageReturn) {
        if (code === carriageReturn && isLast) {
          this.#held = "\r";
          break;
        }
        const lineEnd = code === lineFeed ? "\n" : text.charCodeAt(at + 1) === lineFeed ? "\r\n" : "\r";
        this.#endLine(lineEnd);
        this.#endRecord(records);
        at += lineEnd.length;
      } else {
        const start = at++;
        for (; at < text.length; at++) {
          const next = text.charCodeAt(at);
          if (next === comma || next === lineFeed || next === carriageReturn || next === quote) break;
        }
        this.#append(text.slice(start, at));
      }
    }
    return records;
  }

  /** Reads from within quotes up to the closing one, or as far as the text goes; answers where it stopped. */
  #quoted(text: string, from: number, isLast: boolean): number {
    if (text.charCodeAt(from) !== quote) {
      const found = text.indexOf('"', from);
      const end = found < 0 ? text.length : found;
      const part = text.slice(from, end);
      for (let at = part.indexOf("\n"); at >= 0; at = part.indexOf("\n", at + 1)) this.#lines++;
      this.#append(part);
      return end;
    }
    if (isLast) {
      this.#held = '"';
      return from + 1;
    }
    if (text.charCodeAt(from + 1) === quote) {
      this.#append('"');
      return from + 2;
    }
    this.#inQuotes = false;
    return from + 1;
  }

  #append(part: string): void {
    this.#cell = this.#cell === "" ? part : this.#cell + part;
    if (this.#cell.length > longestCell) throw new QtError("QT6114", { line: this.#recordLine });
  }

  #endCell(): void {
    this.#record.push(this.#cell === "" && !this.#hasQuotes ? null : this.#cell);
    this.#cell = "";
    this.#hasQuotes = false;
  }

  #endLine(lineEnd: "\n" | "\r\n" | "\r"): void {
    this.#lineEnd ??= lineEnd;
    if (lineEnd === this.#lineEnd) return;
    const reason = "its line end is of another kind than those before";
    throw new QtError("QT6115", { line: this.#lines + 1, reason });
  }

  #endRecord(records: CsvRecord[]): void {
    this.#endCell();
    this.#lines++;
    const [line, columns] = [this.#lines, this.#columns];
    if (this.#record.length > columns) throw new QtError("QT6112", { line, columns });
    if (this.#record.length < columns) throw new QtError("QT6113", { line, columns });
    records.push(this.#record);
    this.#record = [];
    this.#recordLine = line + 1;
  }
}

/** Bytes at the end that begin a character of UTF-8 and do not end it: 0 to 3. */
function unfinished(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] as number;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) return back < (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) ? back : 0;
  }
  return 0;
}
