import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { type SecureContext, TLSSocket } from "node:tls";
import { loginErrors } from "../session/login";
import { NoRouteError } from "../session/network-access";
import { toSqlServerError } from "../session/postgres-error";
import type { Session } from "../session/session";
import { SqlServerError } from "../session/sql-server-error";
import { ServerConnection } from "../sql-server/server-connection";
import { type Login7, parseFederatedToken, parseLogin7 } from "./login7";
import { type Message, MessageReader } from "./message-reader";
import { MessageWriter } from "./message-writer";
import { encryption, parsePrelogin, preloginReply } from "./prelogin";
import {
  agreedPacketSize,
  defaultPacketSize,
  oldestTdsVersion,
  ProtocolError,
  packetStatus,
  packetType,
  recordSize,
  tdsVersion,
  tdsVersion8,
} from "./protocol";
import { RequestHandler } from "./request-handler";
import { TlsShim } from "./tls-shim";
import {
  doneStatus,
  writeDone,
  writeError,
  writeFederatedInfo,
  writeLoginReply,
  writeResetAck,
} from "./tokens";

/** The part of a server that its connections need. */
export interface TdsHost {
  /** The server's name in error messages. */
  readonly serverName: string;
  /** TLS 1.2 at most: no client supports 1.3 inside PRELOGIN. */
  readonly wrappedTls: SecureContext;
  readonly strictTls: SecureContext;
  /** The source and the audience of tokens for clients of the ADAL workflow. */
  readonly federated: { readonly stsUrl: string; readonly audience: string };
  /** Milliseconds from the connection to the end of its login. */
  readonly loginLimitMs: number;
  /**
   * Returns the party that serves the client from now on: a session of ours, or a logged-in server.
   * @param from the client's address
   * @throws SqlServerError if the login fails, NoRouteError if the connection is to end without an answer
   */
  login(
    request: Login7,
    token: string | undefined,
    from: string | undefined,
  ): Promise<Session | ServerConnection>;
}

/** The most bytes of one request after login, and of all waiting requests together: they are held in memory. */
const longestRequest = 1 << 27;
const longestQueue = 16;
/** First byte of a TLS handshake record: the client speaks TDS 8 (strict). */
const tlsHandshake = 0x16;

/** One client's connection from PRELOGIN to its end. */
export class TdsConnection {
  readonly #socket: Socket;
  readonly #host: TdsHost;
  readonly #reader = new MessageReader((message) => this.#onMessage(message));
  readonly #writer: MessageWriter;
  readonly #queue: Message[] = [];
  readonly #loginTimer: NodeJS.Timeout;
  #waiting: ((message: Message | undefined) => void) | undefined;
  #transport: Duplex;
  #handler: RequestHandler | undefined;
  #closed = false;
  /** TLS came before PRELOGIN (TDS 8). */
  #strict = false;
  readonly #onData = (chunk: Buffer): void => this.#take(chunk);

  constructor(socket: Socket, host: TdsHost) {
    this.#socket = socket;
    this.#host = host;
    this.#transport = socket;
    this.#writer = new MessageWriter(
      (packets, taken) => this.#transport.write(packets, taken),
      defaultPacketSize,
    );
    socket.setNoDelay(true);
    // From the start, so that a peer that sends nothing, or a byte now and then, cannot hold a connection.
    this.#loginTimer = setTimeout(() => this.close(), host.loginLimitMs);
    socket.on("error", () => this.close());
    // A client that has closed its side no longer wants an answer: its running request ends.
    socket.on("end", () => this.close());
    socket.on("close", () => this.close());
    socket.once("data", (first) => this.#start(first));
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#loginTimer);
    this.#transport.destroy();
    this.#socket.destroy();
    this.#waiting?.(undefined);
    this.#handler?.close();
  }

  #start(first: Buffer): void {
    if (first[0] === tlsHandshake) {
      this.#strict = true;
      this.#socket.pause();
      this.#socket.unshift(first);
      this.#secure(this.#socket, this.#host.strictTls);
    } else {
      this.#socket.on("data", this.#onData);
      this.#take(first);
    }
    this.#login()
      .then((serve) => {
        clearTimeout(this.#loginTimer);
        return serve();
      })
      .catch(() => this.close());
  }

  #secure(under: Duplex, secureContext: SecureContext): TLSSocket {
    const secure = new TLSSocket(under, { isServer: true, secureContext, ALPNProtocols: ["tds/8.0"] });
    // Node would join waiting writes, and a record could then hold the end of a message and the first packets of the next one.
    Object.assign(secure, { _writev: undefined });
    secure.on("error", () => this.close());
    secure.on("close", () => this.#transport === secure && this.close());
    secure.on("data", this.#onData);
    this.#transport = secure;
    return secure;
  }

  /** Runs up to the answer to the login, and resolves to the function that continues. A failed login is answered and ends the connection. */
  async #login(): Promise<() => Promise<void>> {
    await this.#negotiate();
    const body = await this.#expect(packetType.login7);
    const request = parseLogin7(body);
    try {
      checkVersion(request.tdsVersion, this.#strict);
      const token = await this.#token(request);
      const session = await this.#host.login(request, token, this.#socket.remoteAddress);
      if (session instanceof ServerConnection) return this.#passOn(session);
      const handler = new RequestHandler(session, this.#writer, this.#host.serverName, () => this.#drained());
      this.#handler = handler;
      if (this.#closed) handler.close();
      this.#accept(request, session);
      return () => this.#serve(handler);
    } catch (error) {
      if (error instanceof ProtocolError || error instanceof NoRouteError) throw error;
      for (const one of loginErrors(toSqlServerError(error)))
        writeError(this.#writer, one, this.#host.serverName);
      writeDone(this.#writer, "done", doneStatus.error);
      this.#writer.end();
      this.#transport.end();
      throw error;
    }
  }

  /** PRELOGIN, and TLS if the client has it. */
  async #negotiate(): Promise<void> {
    const request = parsePrelogin(await this.#expect(packetType.prelogin));
    this.#writer.bytes(preloginReply(request)).end();
    if (this.#transport !== this.#socket || request.encryption === encryption.notSupported) return;
    this.#socket.off("data", this.#onData);
    this.#secure(new TlsShim(this.#socket), this.#host.wrappedTls);
  }

  async #token(request: Login7): Promise<string | undefined> {
    const { credential } = request;
    if (credential.kind === "token") return credential.token;
    if (credential.kind !== "askForToken") return undefined;
    const { stsUrl, audience } = this.#host.federated;
    writeFederatedInfo(this.#writer, stsUrl, audience);
    this.#writer.end();
    return parseFederatedToken(await this.#expect(packetType.federatedToken));
  }

  #accept(request: Login7, session: Session): void {
    const transport = this.#transport;
    const packetSize = agreedPacketSize(request.packetSize, transport instanceof TLSSocket);
    this.#writer.processId = session.processId;
    writeLoginReply(this.#writer, {
      server: this.#host.serverName,
      database: session.login.database,
      version: request.tdsVersion === tdsVersion8 ? tdsVersion8 : tdsVersion,
      packetSize,
      federated: request.credential.kind !== "password",
    });
    this.#writer.end();
    this.#writer.packetSize = packetSize;
    if (transport instanceof TLSSocket) transport.setMaxSendFragment(recordSize(packetSize));
    this.#reader.limit = longestRequest;
  }

  /** Relays between the client and a real server. */
  #passOn(connection: ServerConnection): () => Promise<void> {
    const transport = this.#transport;
    transport.off("data", this.#onData);
    transport.pause();
    this.#writer.bytes(connection.reply).end();
    return async () => {
      if (this.#closed) connection.close();
      await connection.relay(transport);
      this.close();
    };
  }

  /** Serves requests one after the other, until the client leaves or a severe error ends the connection. */
  async #serve(handler: RequestHandler): Promise<void> {
    for (let message = await this.#next(); message !== undefined; message = await this.#next()) {
      if (message.type === packetType.attention) {
        handler.acknowledge();
        continue;
      }
      await this.#reset(message.status, handler);
      if (!(await handler.handle(message))) {
        this.#transport.end();
        return;
      }
    }
  }

  /**
   * A pooled connection begins its next use with one of two bits in its first request; with the second, of a distributed or
   * scoped transaction, that transaction goes on (MS-TDS 2.2.3.1.2).
   */
  async #reset(status: number, handler: RequestHandler): Promise<void> {
    const keepsTransaction = (status & packetStatus.resetConnectionKeepTransaction) !== 0;
    if (!keepsTransaction && (status & packetStatus.resetConnection) === 0) return;
    await handler.reset(keepsTransaction ? "keep transaction" : "everything");
    writeResetAck(this.#writer);
  }

  #take(chunk: Buffer): void {
    try {
      this.#reader.push(chunk);
    } catch {
      this.close();
    }
  }

  /**
   * Every message is served in its turn. An attention cancels at once what came before it and is acknowledged in its turn, so that
   * no answer to a cancelled request can follow the acknowledgement (MS-TDS 2.2.1.7, 3.3.5.8).
   */
  #onMessage(message: Message): void {
    if (message.type === packetType.attention) {
      if (this.#handler === undefined) throw new ProtocolError("an attention before the login");
      this.#handler.attention();
    }
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (waiting) {
      waiting(message);
      return;
    }
    const messages = this.#queue.push(message);
    const bytes = this.#queue.reduce((sum, { body }) => sum + body.length, 0);
    if (messages > longestQueue || bytes > this.#reader.limit)
      throw new ProtocolError("too many requests at once");
  }

  #next(): Promise<Message | undefined> {
    if (this.#closed) return Promise.resolve(undefined);
    const queued = this.#queue.shift();
    if (queued !== undefined) return Promise.resolve(queued);
    return new Promise((resolve) => {
      this.#waiting = resolve;
    });
  }

  async #expect(type: number): Promise<Buffer> {
    const message = await this.#next();
    if (message?.type !== type) throw new ProtocolError(`message ${message?.type} in place of ${type}`);
    return message.body;
  }

  #drained(): Promise<void> {
    const transport = this.#transport;
    // The receiver may have caught up since the write; 'drain' is emitted only once.
    if (this.#closed || !transport.writableNeedDrain) return Promise.resolve();
    return new Promise((resolve) => {
      const done = (): void => {
        transport.off("drain", done);
        transport.off("close", done);
        resolve();
      };
      transport.on("drain", done);
      transport.on("close", done);
    });
  }
}

/**
 * TDSVersion of LOGIN7 (MS-TDS 2.2.6.4).
 * @throws SqlServerError 18456 for a version whose messages are not known here
 */
function checkVersion(version: number, strict: boolean): void {
  if (version === tdsVersion8 ? strict : version >= oldestTdsVersion) return;
  const what =
    version === tdsVersion8 ? "TDS 8 without TLS before PRELOGIN" : "a version of TDS older than 7.2";
  throw new SqlServerError(18456, `The client speaks ${what}.`, { class: 14 });
}
