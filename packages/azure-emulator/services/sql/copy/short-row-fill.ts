const quote = 0x22;
const comma = 0x2c;
const lineFeed = 0x0a;

/**
 * Adds the commas that records lack, so that their missing values are empty, which is NULL. An empty line between records is one that
 * lacks all; those at the end of the file are left out. It gets checked records of several columns: outside quotes their only line breaks
 * are line feeds, and a quote within a quoted value is doubled.
 */
export class ShortRowFill {
  readonly #emptyRecord: string;
  #isQuoted = false;
  /** Commas outside quotes since the record's beginning. */
  #commas = 0;
  #isEmpty = true;
  /** Empty lines that were left out so far, because they may be at the end. */
  #emptyLines = 0;

  constructor(readonly columns: number) {
    this.#emptyRecord = `${",".repeat(columns - 1)}\n`;
  }

  next(chunk: Buffer): Buffer {
    const parts: Buffer[] = [];
    let begin = 0;
    // Locals, because this runs for every byte.
    let isQuoted = this.#isQuoted;
    let commas = this.#commas;
    let isEmpty = this.#isEmpty;
    const most = this.columns - 1;
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at];
      if (byte === lineFeed && !isQuoted) {
        if (isEmpty) {
          parts.push(chunk.subarray(begin, at));
          begin = at + 1;
          this.#emptyLines++;
        } else if (commas < most) {
          parts.push(chunk.subarray(begin, at), Buffer.alloc(most - commas, comma));
          begin = at;
        }
        commas = 0;
        isEmpty = true;
        continue;
      }
      if (isEmpty) {
        isEmpty = false;
        if (this.#emptyLines > 0) parts.push(this.#emptyRecords());
      }
      if (byte === comma) commas += isQuoted ? 0 : 1;
      else if (byte === quote) isQuoted = !isQuoted;
    }
    this.#isQuoted = isQuoted;
    this.#commas = commas;
    this.#isEmpty = isEmpty;
    return parts.length === 0 ? chunk : Buffer.concat([...parts, chunk.subarray(begin)]);
  }

  /** What a last record without a line feed lacks. */
  end(): Buffer {
    return Buffer.alloc(this.#isEmpty ? 0 : Math.max(0, this.columns - 1 - this.#commas), comma);
  }

  /** The empty lines that turned out not to be at the end of the file. */
  #emptyRecords(): Buffer {
    const records = Buffer.from(this.#emptyRecord.repeat(this.#emptyLines));
    this.#emptyLines = 0;
    return records;
  }
}
