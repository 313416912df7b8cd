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
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at];
      if (byte === lineFeed && !this.#isQuoted) {
        const lacks = this.#isEmpty || this.#commas < this.columns - 1;
        if (lacks) {
          parts.push(chunk.subarray(begin, at), this.#missing());
          begin = this.#isEmpty ? at + 1 : at;
        }
        if (this.#isEmpty) this.#emptyLines++;
        this.#commas = 0;
        this.#isEmpty = true;
        continue;
      }
      if (this.#emptyLines > 0) {
        parts.push(Buffer.from(this.#emptyRecord.repeat(this.#emptyLines)));
        this.#emptyLines = 0;
      }
      this.#isEmpty = false;
      if (byte === quote) this.#isQuoted = !this.#isQuoted;
      else if (byte === comma && !this.#isQuoted) this.#commas++;
    }
    return parts.length === 0 ? chunk : Buffer.concat([...parts, chunk.subarray(begin)]);
  }

  /** What a last record without a line feed lacks. */
  end(): Buffer {
    return this.#missing();
  }

  #missing(): Buffer {
    return Buffer.alloc(this.#isEmpty ? 0 : Math.max(0, this.columns - 1 - this.#commas), comma);
  }
}
