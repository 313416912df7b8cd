import { ProtocolError } from "./protocol";

/** Reads little-endian values one after the other. Every read is checked, because anybody can send the bytes. */
export class ByteReader {
  constructor(
    readonly bytes: Buffer,
    public at = 0,
  ) {}

  get done(): boolean {
    return this.at >= this.bytes.length;
  }

  /** Moves on by `length` and returns the former position. @throws ProtocolError at the end of the bytes */
  skip(length: number): number {
    const start = this.at;
    if (length > this.bytes.length - start) throw new ProtocolError("the message ends too early");
    this.at = start + length;
    return start;
  }

  peek(): number {
    const value = this.bytes[this.at];
    if (value === undefined) throw new ProtocolError("the message ends too early");
    return value;
  }

  u8(): number {
    return this.bytes.readUInt8(this.skip(1));
  }

  u16(): number {
    return this.bytes.readUInt16LE(this.skip(2));
  }

  u32(): number {
    return this.bytes.readUInt32LE(this.skip(4));
  }

  u64(): bigint {
    return this.bytes.readBigUInt64LE(this.skip(8));
  }

  /** The next `length` bytes, not copied. */
  take(length: number): Buffer {
    const start = this.skip(length);
    return this.bytes.subarray(start, start + length);
  }

  /** UTF-16LE text of `characters` code units. */
  ucs2(characters: number): string {
    return this.take(characters * 2).toString("utf16le");
  }

  /** Text after its length in one byte (B_VARCHAR). */
  shortText(): string {
    return this.ucs2(this.u8());
  }

  /** Text after its length in two bytes (US_VARCHAR). */
  text(): string {
    return this.ucs2(this.u16());
  }
}
