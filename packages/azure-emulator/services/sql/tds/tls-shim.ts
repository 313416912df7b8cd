import type { Socket } from "node:net";
import { Duplex } from "node:stream";
import { MessageWriter } from "./message-writer";
import { defaultPacketSize, ProtocolError, packetHeaderLength, packetType } from "./protocol";

type Done = (error?: Error | null) => void;

/**
 * The socket as TLS sees it. TDS before version 8 wraps the handshake into PRELOGIN messages, one a flight; from the
 * first application record on, TLS is sent bare. The first byte distinguishes them: only a packet begins with 0x12.
 */
export class TlsShim extends Duplex {
  #wrapped = true;
  #rest: Buffer = Buffer.alloc(0);
  #flight: Buffer[] = [];

  constructor(readonly socket: Socket) {
    super();
    socket.on("data", this.#onData);
    socket.once("end", this.#onEnd);
    socket.once("close", this.#onClose);
  }

  /** Ends a client's handshake: it sends bare TLS from now on, before the server has sent any. */
  handshakeDone(): void {
    this.#wrapped = false;
  }

  readonly #onEnd = (): void => void this.push(null);
  readonly #onClose = (): void => void this.destroy();

  readonly #onData = (chunk: Buffer): void => {
    try {
      for (const piece of this.#unwrap(chunk)) {
        if (!this.push(piece)) this.socket.pause();
      }
    } catch (error) {
      this.destroy(error as Error);
    }
  };

  *#unwrap(chunk: Buffer): Generator<Buffer> {
    if (!this.#wrapped) {
      yield chunk;
      return;
    }
    let bytes = Buffer.concat([this.#rest, chunk]);
    while (bytes.length > 0) {
      if (bytes[0] !== packetType.prelogin) {
        this.#wrapped = false;
        this.#rest = Buffer.alloc(0);
        yield bytes;
        return;
      }
      if (bytes.length < packetHeaderLength) break;
      const length = bytes.readUInt16BE(2);
      if (length <= packetHeaderLength) throw new ProtocolError("an empty packet in the TLS handshake");
      if (bytes.length < length) break;
      yield bytes.subarray(packetHeaderLength, length);
      bytes = bytes.subarray(length);
    }
    this.#rest = bytes;
  }

  override _read(): void {
    this.socket.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: Done): void {
    if (!this.#wrapped) {
      this.socket.write(chunk, done);
      return;
    }
    // TLS writes a flight in pieces; the client expects it in one message.
    if (this.#flight.push(chunk) === 1) setImmediate(() => this.#sendFlight());
    done();
  }

  /** TLS writes a dozen records at a time: they are sent in one system call, not in one each. */
  override _writev(chunks: { chunk: Buffer; encoding: BufferEncoding }[], done: Done): void {
    this.socket.cork();
    for (const [index, { chunk, encoding }] of chunks.entries())
      this._write(chunk, encoding, index === chunks.length - 1 ? done : () => {});
    this.socket.uncork();
  }

  #sendFlight(): void {
    const writer = new MessageWriter(
      (packets) => this.socket.write(packets),
      defaultPacketSize,
      packetType.prelogin,
    );
    writer.bytes(Buffer.concat(this.#flight));
    this.#flight = [];
    if (this.socket.writable) writer.end();
  }

  override _final(done: Done): void {
    this.socket.end();
    done();
  }

  override _destroy(error: Error | null, done: Done): void {
    this.socket.destroy();
    done(error);
  }
}
