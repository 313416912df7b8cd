import type { Readable } from "node:stream";
import { messageOf } from "../../../../kit/reason-of";
import { EmulatorError } from "../../../errors/emulator-error";
import type { CsvReading } from "../sql-service";
import { checkedRecords } from "./checked-records";
import { type CsvHeader, parseCsvHeader } from "./csv-header";
import { replacedUtf8 } from "./replaced-utf8";

const strict: CsvReading = { shortRow: "refused", badUtf8: "refused" };

/** No header is this long; a file without line breaks must not fill the memory. */
const longestHeader = 4 << 20;

/** A CSV stream, read as its header first and then its records. */
export class CsvSource {
  /** Bytes read so far. */
  bytes = 0;
  readonly #chunks: AsyncIterator<Buffer, unknown>;
  #ahead: Buffer = Buffer.alloc(0);

  constructor(
    readonly stream: Readable,
    readonly reading: CsvReading = strict,
  ) {
    const read = this.#read(stream);
    this.#chunks = reading.badUtf8 === "replaced" ? replacedUtf8(read) : read;
  }

  /** Undefined if the body is empty. @throws EmulatorError QT6110, QT6111, QT6114, QT6115 or QT6116 */
  async header(): Promise<CsvHeader | undefined> {
    for (;;) {
      const chunk = await this.#next();
      if (chunk !== undefined) this.#ahead = Buffer.concat([this.#ahead, chunk]);
      const header = parseCsvHeader(this.#ahead, chunk === undefined);
      if (header !== undefined) {
        this.#ahead = this.#ahead.subarray(header.length);
        return header;
      }
      if (chunk === undefined) return undefined;
      if (this.#ahead.length > longestHeader) {
        throw new EmulatorError("QT6115", {
          line: 1,
          reason: `the header is longer than ${longestHeader} bytes`,
        });
      }
    }
  }

  /**
   * The bytes after the header, with line feeds for line breaks, and with the commas that short records lack if these are filled. If the
   * header has several columns, empty lines at the end are left out (with one column an empty line is a row with NULL). @throws EmulatorError QT6114 to QT6116
   */
  async *records(header: CsvHeader): AsyncGenerator<Buffer> {
    let held: Buffer = Buffer.alloc(0);
    for await (const chunk of checkedRecords(header, this.#rest(), this.reading.shortRow)) {
      if (header.columns.length === 1) {
        yield chunk;
        continue;
      }
      const end = endOfContent(chunk);
      if (end > 0) {
        if (held.length > 0) yield held;
        yield chunk.subarray(0, end);
        held = chunk.subarray(end);
      } else if (chunk.length > 0) {
        held = Buffer.concat([held, chunk]);
      }
    }
    if (held.length > 0) yield held.subarray(0, 1);
  }

  async *#rest(): AsyncGenerator<Buffer> {
    for (let chunk: Buffer | undefined = this.#ahead; chunk !== undefined; chunk = await this.#next())
      yield chunk;
  }

  async #next(): Promise<Buffer | undefined> {
    const { done, value } = await this.#chunks.next();
    return done ? undefined : value;
  }

  async *#read(stream: Readable): AsyncGenerator<Buffer> {
    try {
      for await (const value of stream) {
        const chunk = typeof value === "string" ? Buffer.from(value) : value;
        this.bytes += chunk.length;
        yield chunk;
      }
    } catch (cause) {
      const reason = messageOf(cause);
      throw new EmulatorError("QT6116", { bytes: this.bytes, reason }, { cause });
    }
  }
}

/** The position at which the trailing line breaks begin. */
function endOfContent(bytes: Buffer): number {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0x0a) end--;
  return end;
}
