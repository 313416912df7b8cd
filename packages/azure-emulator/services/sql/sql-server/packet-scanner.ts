import { ProtocolError, packetHeaderLength, packetStatus } from "../tds/protocol";

/** One packet of a stream. */
export interface Packet {
  readonly type: number;
  readonly body: Buffer;
  /** Whether it is the first and the last packet of its message. */
  readonly first: boolean;
  readonly last: boolean;
}

/** Finds the packets in a byte stream, however it is cut. */
export class PacketScanner {
  #rest: Buffer = Buffer.alloc(0);
  #first = true;

  /** Returns the packets that are now complete, and their bytes. @throws ProtocolError */
  push(chunk: Buffer): { readonly bytes: Buffer; readonly packets: readonly Packet[] } {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    const packets: Packet[] = [];
    let at = 0;
    while (bytes.length - at >= packetHeaderLength) {
      const length = bytes.readUInt16BE(at + 2);
      if (length < packetHeaderLength) throw new ProtocolError(`packet of ${length} bytes`);
      if (bytes.length - at < length) break;
      const last = (bytes.readUInt8(at + 1) & packetStatus.endOfMessage) !== 0;
      const body = bytes.subarray(at + packetHeaderLength, at + length);
      packets.push({ type: bytes.readUInt8(at), body, first: this.#first, last });
      this.#first = last;
      at += length;
    }
    this.#rest = bytes.subarray(at);
    return { bytes: bytes.subarray(0, at), packets };
  }
}
