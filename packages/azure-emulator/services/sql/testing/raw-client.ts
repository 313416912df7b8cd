import { once } from "node:events";
import { connect, isIP, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { connect as connectTls } from "node:tls";
import Login7Payload from "tedious/lib/login7-payload";
import { type Message, MessageReader } from "../tds/message-reader";
import { MessageWriter } from "../tds/message-writer";
import { encryption, parsePrelogin, preloginRequest } from "../tds/prelogin";
import { defaultPacketSize, packetType, tdsVersion as tdsVersion74 } from "../tds/protocol";
import { TlsShim } from "../tds/tls-shim";

export interface RawLogin {
  readonly port: number;
  /** `strict` is TDS 8: TLS first. */
  readonly tls?: "none" | "in-prelogin" | "strict";
  readonly ca?: string;
  readonly packetSize?: number;
  readonly tdsVersion?: number;
  readonly token?: string;
  readonly database?: string;
}

/** A TDS client without a driver's habits: it sends what a test says, when it says so. */
export class RawClient {
  /** What arrived with each read; under TLS, a read ends with its record at the latest. */
  readonly reads: Buffer[] = [];
  readonly #arrived: Message[] = [];
  readonly #waiting: ((message: Message | undefined) => void)[] = [];
  readonly #reader = new MessageReader((message) => this.#give(message));
  #transport: Duplex;
  #ended = false;

  private constructor(socket: Socket) {
    this.#reader.limit = Number.MAX_SAFE_INTEGER;
    this.#transport = socket;
    socket.setNoDelay(true);
    socket.on("error", () => {});
    socket.on("close", () => this.#end());
  }

  /** Connects, and sends nothing. */
  static async connect(port: number): Promise<RawClient> {
    const socket = connect(port, "127.0.0.1");
    const client = new RawClient(socket);
    client.#listen();
    await once(socket, "connect");
    return client;
  }

  /** Connects and logs in. @returns the client and the answer to its login */
  static async open(login: RawLogin): Promise<{ client: RawClient; answer: Buffer }> {
    const { port, ca, tls = "none" } = login;
    const secure = { host: "127.0.0.1", ...(ca === undefined ? { rejectUnauthorized: false } : { ca }) };
    const socket = connect(port, "127.0.0.1");
    const client = new RawClient(socket);
    if (tls === "strict") {
      const over = connectTls({ socket, ALPNProtocols: ["tds/8.0"], ...secure });
      client.#transport = over;
    }
    client.#listen();
    client.send(
      packetType.prelogin,
      preloginRequest(tls === "in-prelogin" ? encryption.on : encryption.notSupported),
    );
    parsePrelogin((await client.message()).body);
    if (tls === "in-prelogin") await client.#secure(socket, secure);
    client.send(packetType.login7, login7(login));
    return { client, answer: (await client.message()).body };
  }

  /** Sends a message, in packets of 4096 bytes. */
  send(type: number, body: Buffer = Buffer.alloc(0), status = 0): void {
    this.write(packets(type, body, status));
  }

  write(bytes: Buffer): void {
    this.#transport.write(bytes);
  }

  /** The body of the next message. @throws Error if the server has closed the connection */
  async message(): Promise<Message> {
    const message = this.#arrived.shift() ?? (await this.#wait());
    if (message === undefined) throw new Error("the server closed the connection");
    return message;
  }

  /** Resolves when the connection is closed. */
  async closed(): Promise<void> {
    while ((this.#arrived.shift() ?? (await this.#wait())) !== undefined) {}
  }

  close(): void {
    this.#transport.destroy();
  }

  #wait(): Promise<Message | undefined> {
    if (this.#ended) return Promise.resolve(undefined);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #give(message: Message): void {
    const waiting = this.#waiting.shift();
    if (waiting === undefined) this.#arrived.push(message);
    else waiting(message);
  }

  #end(): void {
    this.#ended = true;
    for (const waiting of this.#waiting.splice(0)) waiting(undefined);
  }

  readonly #onData = (chunk: Buffer): void => {
    this.reads.push(chunk);
    this.#reader.push(chunk);
  };

  #listen(): void {
    this.#transport.on("error", () => {});
    this.#transport.on("close", () => this.#end());
    this.#transport.on("data", this.#onData);
  }

  async #secure(socket: Socket, options: { host: string; ca?: string }): Promise<void> {
    this.#transport.off("data", this.#onData);
    const shim = new TlsShim(socket);
    const { host, ...rest } = options;
    const name = isIP(host) === 0 ? { servername: host } : { host };
    const secure = connectTls({ socket: shim, maxVersion: "TLSv1.2", ...name, ...rest });
    await new Promise<void>((resolve, reject) => {
      secure.once("secureConnect", resolve);
      secure.once("error", reject);
    });
    shim.handshakeDone();
    this.#transport = secure;
    this.#listen();
  }
}

/** The packets of a message; `status` is added to each packet's. */
export function packets(type: number, body: Buffer, status = 0): Buffer {
  const sent: Buffer[] = [];
  new MessageWriter((bytes) => sent.push(Buffer.from(bytes)) > 0, defaultPacketSize, type).bytes(body).end();
  const all = Buffer.concat(sent);
  for (let at = 0; at < all.length; at += all.readUInt16BE(at + 2)) all[at + 1] = (all[at + 1] ?? 0) | status;
  return all;
}

/** The body of a batch: ALL_HEADERS with a transaction descriptor of zero, then the text. */
export function batch(text: string): Buffer {
  return Buffer.concat([allHeaders, Buffer.from(text, "utf16le")]);
}

/** ALL_HEADERS (MS-TDS 2.2.5.3): no transaction, one outstanding request. */
export const allHeaders = Buffer.from("16000000120000000200000000000000000001000000", "hex");

function login7({ tdsVersion = tdsVersion74, packetSize, token, database }: RawLogin): Buffer {
  const payload = new Login7Payload({
    tdsVersion: tdsVersion74,
    packetSize: packetSize ?? defaultPacketSize,
    clientProgVer: 0,
    clientPid: 1,
    connectionId: 0,
    clientTimeZone: 0,
    clientLcid: 0x409,
  });
  if (token !== undefined) payload.fedAuth = { type: "SECURITYTOKEN", echo: false, fedAuthToken: token };
  const names = { hostname: "h", userName: "sa", password: "p", appName: "test", serverName: "s" };
  const body = Object.assign(payload, names, { libraryName: "raw", database: database ?? "" }).toBuffer();
  // tedious does not know TDS 8.
  body.writeUInt32LE(tdsVersion, 4);
  return body;
}
