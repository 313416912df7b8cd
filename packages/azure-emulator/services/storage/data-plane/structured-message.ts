import { blobError } from "./blob-error";
import { Crc64 } from "./crc64";

const HEADER = 13;
const SEGMENT_HEADER = 10;
const CHECKSUM = 8;
const WITH_CRC64 = 1;
/** A client writes segments of this size; the emulator's own messages do the same. */
const SEGMENT = 4 * 1024 * 1024;

/**
 * Storage's structured message, version 1 (`x-ms-structured-body: XSM/1.0; properties=crc64`): the content in segments, each with a
 * CRC-64 of its own, and one of the whole at the end. All numbers are little-endian:
 * version (1 byte), length of the message (8), flags (2, 1 = with CRC-64), segments (2);
 * for each segment its number from 1 (2), its length (8), the content, CRC-64 (8); at the end CRC-64 (8).
 * Source: Azure/azure-sdk-for-net, sdk/storage/Azure.Storage.Common/src/Shared/StructuredMessage.cs.
 *
 * Decodes a message as it arrives. @throws blob errors InvalidInput for a frame that is wrong, Crc64Mismatch
 */
export async function* decodeStructured(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const reader = new ByteReader(source);
  const header = await reader.exactly(HEADER);
  const total = header.readBigUInt64LE(1);
  const withCrc = header.readUInt16LE(9) === WITH_CRC64;
  const segments = header.readUInt16LE(11);
  if (header[0] !== 1 || header.readUInt16LE(9) > WITH_CRC64) throw wrong("its header");
  const whole = new Crc64();
  for (let number = 1; number <= segments; number++) {
    const head = await reader.exactly(SEGMENT_HEADER);
    if (head.readUInt16LE(0) !== number) throw wrong(`the number of segment ${number}`);
    const own = new Crc64();
    for await (const part of reader.upTo(Number(head.readBigUInt64LE(2)))) {
      if (withCrc) {
        own.update(part);
        whole.update(part);
      }
      yield part;
    }
    if (withCrc) requireSame(own, await reader.exactly(CHECKSUM));
  }
  if (withCrc) requireSame(whole, await reader.exactly(CHECKSUM));
  if (!(await reader.isAtEnd()) || reader.position !== Number(total)) throw wrong("its length");
}

/** The message of a content of `length` bytes. */
export async function* encodeStructured(
  content: AsyncIterable<Buffer>,
  length: number,
): AsyncGenerator<Buffer> {
  const reader = new ByteReader(content);
  try {
    yield* messageOf(reader, length);
  } finally {
    // It reads to the last byte and not to the end, or stops before: this closes what it reads from.
    await reader.close();
  }
}

async function* messageOf(reader: ByteReader, length: number): AsyncGenerator<Buffer> {
  const segments = Math.max(1, Math.ceil(length / SEGMENT));
  const header = Buffer.alloc(HEADER);
  header.writeUInt8(1, 0);
  header.writeBigUInt64LE(BigInt(structuredLength(length)), 1);
  header.writeUInt16LE(WITH_CRC64, 9);
  header.writeUInt16LE(segments, 11);
  yield header;
  const whole = new Crc64();
  for (let number = 1; number <= segments; number++) {
    const size = Math.min(SEGMENT, length - (number - 1) * SEGMENT);
    const head = Buffer.alloc(SEGMENT_HEADER);
    head.writeUInt16LE(number, 0);
    head.writeBigUInt64LE(BigInt(size), 2);
    yield head;
    const own = new Crc64();
    for await (const part of reader.upTo(size)) {
      own.update(part);
      whole.update(part);
      yield part;
    }
    yield own.digest();
  }
  yield whole.digest();
}

/** Bytes of the message of a content of `length` bytes. */
export function structuredLength(length: number): number {
  const segments = Math.max(1, Math.ceil(length / SEGMENT));
  return HEADER + length + segments * (SEGMENT_HEADER + CHECKSUM) + CHECKSUM;
}

/** Reads given numbers of bytes from a stream of pieces of any size. */
class ByteReader {
  position = 0;
  #rest: Buffer = Buffer.alloc(0);
  readonly #pieces: AsyncIterator<Buffer>;

  constructor(source: AsyncIterable<Buffer>) {
    this.#pieces = source[Symbol.asyncIterator]();
  }

  async exactly(length: number): Promise<Buffer> {
    const parts: Buffer[] = [];
    for await (const part of this.upTo(length)) parts.push(part);
    return Buffer.concat(parts);
  }

  /** The next `length` bytes, in pieces. */
  async *upTo(length: number): AsyncGenerator<Buffer> {
    let left = length;
    while (left > 0) {
      if (await this.isAtEnd()) throw wrong("its length: it ends too early");
      const part = this.#rest.subarray(0, left);
      this.#rest = this.#rest.subarray(part.length);
      this.position += part.length;
      left -= part.length;
      yield part;
    }
  }

  async close(): Promise<void> {
    await this.#pieces.return?.();
  }

  async isAtEnd(): Promise<boolean> {
    while (this.#rest.length === 0) {
      const { done, value } = await this.#pieces.next();
      if (done) return true;
      this.#rest = value;
    }
    return false;
  }
}

function requireSame(computed: Crc64, given: Buffer): void {
  if (!computed.digest().equals(given)) throw blobError("Crc64Mismatch");
}

function wrong(part: string) {
  return blobError("InvalidInput", `The structured message is wrong in ${part}.`);
}
