/** UTF-8 text collected in one growing buffer: no string of a page's size is ever built, and its bytes are known. */
export class ByteSink {
  #buffer: Buffer;
  #length = 0;

  constructor(capacity = 1 << 16) {
    this.#buffer = Buffer.allocUnsafe(capacity);
  }

  /** Bytes written and kept. */
  get length(): number {
    return this.#length;
  }

  /** Appends text. Returns the bytes it took. */
  write(text: string): number {
    // A UTF-16 unit takes three bytes at most.
    const needed = this.#length + text.length * 3;
    if (needed > this.#buffer.length) this.#grow(needed);
    const written = this.#buffer.write(text, this.#length);
    this.#length += written;
    return written;
  }

  /** Takes back what was written after a length. */
  truncate(length: number): void {
    this.#length = Math.min(length, this.#length);
  }

  /** A view of the bytes, valid until the next write. */
  bytes(): Buffer {
    return this.#buffer.subarray(0, this.#length);
  }

  #grow(needed: number): void {
    const larger = Buffer.allocUnsafe(Math.max(needed, this.#buffer.length * 2));
    this.#buffer.copy(larger, 0, 0, this.#length);
    this.#buffer = larger;
  }
}
