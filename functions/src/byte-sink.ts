/** The size of a chunk in bytes. */
const CHUNK = 1 << 18;

/** How many chunks are kept for the next page. */
const KEPT = 40;

/** Unused chunks. Reusing them keeps memory constant; left to the garbage collector, it would grow between collections. */
const idle: Buffer[] = [];

/** Collects UTF-8 text in chunks: no string of a page's size is ever built, nothing is copied twice, and the byte count is known. */
export class ByteSink {
  readonly #full: Buffer[] = [];
  #chunk: Buffer = Buffer.alloc(0);
  #used = 0;
  #length = 0;
  #last = 0;

  /** Bytes written and not undone. */
  get length(): number {
    return this.#length;
  }

  /** Appends text. */
  write(text: string): void {
    // A UTF-16 unit takes three bytes at most.
    const needed = text.length * 3;
    if (needed > this.#chunk.length - this.#used) this.#next(needed);
    this.#last = this.#chunk.write(text, this.#used);
    this.#used += this.#last;
    this.#length += this.#last;
  }

  /** Removes what the last write appended. */
  undo(): void {
    this.#used -= this.#last;
    this.#length -= this.#last;
    this.#last = 0;
  }

  /** The bytes, in order. */
  parts(): Buffer[] {
    return [...this.#full, this.#chunk.subarray(0, this.#used)];
  }

  /** Releases the memory. Neither the sink nor its parts may be used afterwards. */
  release(): void {
    for (const { buffer } of this.parts()) {
      if (buffer.byteLength === CHUNK && idle.length < KEPT) idle.push(Buffer.from(buffer));
    }
    this.#full.length = 0;
    this.#chunk = Buffer.alloc(0);
    this.#used = 0;
    this.#length = 0;
  }

  #next(needed: number): void {
    if (this.#used > 0) this.#full.push(this.#chunk.subarray(0, this.#used));
    // The first chunk of a small page is small.
    if (this.#full.length === 0) this.#chunk = Buffer.allocUnsafe(Math.max(CHUNK / 16, needed));
    else
      this.#chunk =
        (needed <= CHUNK ? idle.pop() : undefined) ?? Buffer.allocUnsafeSlow(Math.max(CHUNK, needed));
    this.#used = 0;
  }
}
