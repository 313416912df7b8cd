import { packetHeaderLength, packetStatus, packetType } from "./protocol";

/**
 * Sends finished packets; returns false if the writer should wait for the receiver (like `Writable.write`). Calls `taken` once the
 * bytes are no longer needed.
 */
export type SendPackets = (packets: Buffer, taken: () => void) => boolean;

const scratchSize = 256 * 1024;
/** Full packets are sent from this size on, so that a row seldom makes the scratch buffer grow. */
const flushAt = 128 * 1024;
/** Large enough for the scratch buffer and the headers of its packets. */
const outgoingSize = scratchSize + scratchSize / 32;
/** Answers up to this size get their own memory. */
const smallAnswer = 16 * 1024;

/**
 * Collects the bytes of a message in one flat buffer and cuts them into packets when it sends them.
 * Row encoders write into `buffer` at `at` themselves, after `reserve`.
 */
export class MessageWriter {
  buffer: Buffer = Buffer.allocUnsafeSlow(scratchSize);
  at = 0;
  /** False after a write that the receiver could not accept at once. */
  writable = true;
  /** The server process that serves the client (SPID), in the header of each packet. */
  processId = 0;
  #packetId = 0;
  /** Reused memory: if it were left to the garbage collector, every 64 MB would cost a full collection. */
  readonly #idle: Buffer[] = [];

  constructor(
    readonly send: SendPackets,
    public packetSize: number,
    readonly type: number = packetType.response,
  ) {}

  /** Makes room for at least `bytes` more. */
  reserve(bytes: number): void {
    if (this.at + bytes <= this.buffer.length) return;
    this.flush();
    if (this.at + bytes <= this.buffer.length) return;
    const larger = Buffer.allocUnsafeSlow(this.at + bytes);
    this.buffer.copy(larger, 0, 0, this.at);
    this.buffer = larger;
  }

  u8(value: number): this {
    this.reserve(1);
    this.buffer[this.at++] = value;
    return this;
  }

  u16(value: number): this {
    this.reserve(2);
    this.at = this.buffer.writeUInt16LE(value, this.at);
    return this;
  }

  u32(value: number): this {
    this.reserve(4);
    this.at = this.buffer.writeUInt32LE(value, this.at);
    return this;
  }

  u64(value: bigint): this {
    this.reserve(8);
    this.at = this.buffer.writeBigUInt64LE(value, this.at);
    return this;
  }

  bytes(value: Buffer): this {
    this.reserve(value.length);
    this.at += value.copy(this.buffer, this.at);
    return this;
  }

  ucs2(value: string): this {
    this.reserve(value.length * 2);
    this.at += this.buffer.write(value, this.at, "utf16le");
    return this;
  }

  /** Text after its length in one byte (B_VARCHAR); cut at 255. */
  shortText(value: string): this {
    const cut = value.slice(0, 255);
    return this.u8(cut.length).ucs2(cut);
  }

  /** Text after its length in two bytes (US_VARCHAR); cut at 4,000 characters. */
  text(value: string): this {
    const cut = value.slice(0, 4000);
    return this.u16(cut.length).ucs2(cut);
  }

  /** Sends full packets once enough bytes have accumulated. */
  flushIfFull(): void {
    if (this.at >= flushAt) this.flush();
  }

  /** Sends all full packets and keeps the rest. */
  flush(): void {
    const body = this.packetSize - packetHeaderLength;
    // The last packet of a message must not be empty: keep at least one byte.
    const packets = Math.floor((this.at - 1) / body);
    if (packets > 0) this.#emit(packets, packets * body, 0);
  }

  /** Sends what is left and ends the message. */
  end(): void {
    const body = this.packetSize - packetHeaderLength;
    this.#emit(Math.max(1, Math.ceil(this.at / body)), this.at, packetStatus.endOfMessage);
    this.#packetId = 0;
    if (this.buffer.length > scratchSize) this.buffer = Buffer.allocUnsafeSlow(scratchSize);
  }

  #emit(packets: number, length: number, lastStatus: number): void {
    const body = this.packetSize - packetHeaderLength;
    const whole = length + packets * packetHeaderLength;
    const reused = whole > smallAnswer && whole <= outgoingSize;
    const out = reused
      ? (this.#idle.pop() ?? Buffer.allocUnsafeSlow(outgoingSize))
      : Buffer.allocUnsafe(whole);
    let to = 0;
    let packetId = this.#packetId;
    const { type, processId } = this;
    for (let index = 0, from = 0; index < packets; index++) {
      const size = Math.min(body, length - from);
      out[to] = type;
      out[to + 1] = index === packets - 1 ? lastStatus : 0;
      out.writeUInt16BE(size + packetHeaderLength, to + 2);
      out.writeUInt16BE(processId, to + 4);
      out[to + 6] = ++packetId;
      out[to + 7] = 0;
      this.buffer.copy(out, to + packetHeaderLength, from, from + size);
      from += size;
      to += size + packetHeaderLength;
    }
    this.#packetId = packetId;
    this.buffer.copyWithin(0, length, this.at);
    this.at -= length;
    this.writable = this.send(out.subarray(0, to), () => {
      if (reused) this.#idle.push(out);
    });
  }
}
