import { ProtocolError, packetHeaderLength, packetStatus, packetType } from "./protocol";

/** A whole message: the bodies of its packets. */
export interface Message {
  readonly type: number;
  readonly body: Buffer;
  /** The combined status bits of all its packets. */
  readonly status: number;
}

const knownTypes: ReadonlySet<number> = new Set(Object.values(packetType));
const empty = Buffer.alloc(0);

/** Extracts messages from a byte stream, however it is cut. */
export class MessageReader {
  #rest: Buffer = empty;
  #parts: Buffer[] = [];
  #length = 0;
  #status = 0;
  #type: number | undefined;
  /** The longest accepted message, in bytes; raised after login. */
  limit = 1 << 20;

  constructor(readonly onMessage: (message: Message) => void) {}

  /** @throws ProtocolError if the bytes are not TDS packets */
  push(chunk: Buffer): void {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    let at = 0;
    while (bytes.length - at >= packetHeaderLength) {
      const length = this.#check(bytes, at);
      if (bytes.length - at < length) break;
      this.#packet(bytes, at, length);
      at += length;
    }
    // Checked early, so that a peer without TDS is refused at once.
    if (at < bytes.length && !knownTypes.has(bytes[at] ?? 0)) throw new ProtocolError("unknown packet type");
    this.#rest = at === bytes.length ? empty : bytes.subarray(at);
  }

  /** Returns the length of the packet at `at`. */
  #check(bytes: Buffer, at: number): number {
    const type = bytes.readUInt8(at);
    const length = bytes.readUInt16BE(at + 2);
    if (!knownTypes.has(type)) throw new ProtocolError(`unknown packet type ${type}`);
    if (length < packetHeaderLength) throw new ProtocolError(`packet of ${length} bytes`);
    if (this.#type !== undefined && this.#type !== type)
      throw new ProtocolError("a message within a message");
    if (this.#length + length > this.limit) throw new ProtocolError(`message over ${this.limit} bytes`);
    return length;
  }

  #packet(bytes: Buffer, at: number, length: number): void {
    const type = bytes.readUInt8(at);
    const status = bytes.readUInt8(at + 1);
    this.#type = type;
    this.#status |= status;
    this.#length += length;
    this.#parts.push(bytes.subarray(at + packetHeaderLength, at + length));
    if ((status & packetStatus.endOfMessage) === 0) return;
    const body = this.#parts.length === 1 ? (this.#parts[0] ?? empty) : Buffer.concat(this.#parts);
    const message = { type, body, status: this.#status };
    this.#parts = [];
    this.#length = 0;
    this.#status = 0;
    this.#type = undefined;
    this.onMessage(message);
  }
}
