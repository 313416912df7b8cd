/** Bytes of a chunk. */
const CHUNK = 1 << 18;

/** Chunks kept for the next page. */
const KEPT = 40;

/** Chunks that no page uses. Memory that goes round stays the same; left to the collector it grows between its rounds. */
const idle: Buffer[] = [];

/** UTF-8 text collected in chunks: no string of a page's size is ever built, nothing is copied twice, and the bytes are known. */
export class ByteSink {
  readonly #full: Buffer[] = [];
  #chunk: Buffer = Buffer.alloc(0);
  #used = 0;
  #length = 0;
  #last = 0;

  /** Bytes written and kept. */
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

  /** Takes back what the last write appended. */
  undo(): void {
    this.#used -= this.#last;
    this.#length -= this.#last;
    this.#last = 0;
  }

  /** The bytes, in order. */
  parts(): Buffer[] {
    return [...this.#full, this.#chunk.subarray(0, this.#used)];
  }

  /** Gives the memory back. Neither the sink nor its parts may be used after. */
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
    if (this.#full.length === 0 && this.#used === 0)
      this.#chunk = Buffer.allocUnsafe(Math.max(CHUNK / 16, needed));
    else
      this.#chunk =
        (needed <= CHUNK ? idle.pop() : undefined) ?? Buffer.allocUnsafeSlow(Math.max(CHUNK, needed));
    this.#used = 0;
  }
}
