import { connect as connectTcp, isIP, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { connect as connectTls } from "node:tls";
import { EmulatorError } from "../../../errors/emulator-error";
import { SqlServerError } from "../session/sql-server-error";
import { MessageWriter } from "../tds/message-writer";
import { encryption, parsePrelogin, preloginRequest } from "../tds/prelogin";
import { defaultPacketSize, ProtocolError, packetType } from "../tds/protocol";
import { TlsShim } from "../tds/tls-shim";
import { Answers } from "./answers";
import { loginReply } from "./login-reply";
import { type RelayObserver, relay } from "./relay";
import { type ServerAddress, shownServer } from "./server-address";

const loginTimeoutMs = 15_000;

/** A logged-in connection to a real SQL Server for one client: from now on bytes pass between the two unchanged. */
export class ServerConnection {
  constructor(
    /** The server's answer to the login. */
    readonly reply: Buffer,
    readonly server: Duplex,
    readonly observer: RelayObserver,
  ) {}

  /** Relays until either side ends. Never rejects. */
  async relay(client: Duplex): Promise<void> {
    await relay(client, this.server, this.observer);
  }

  close(): void {
    this.server.destroy();
  }
}

/** The server of a login, and how to reach it. */
export type Target = Pick<ServerAddress, "host" | "port" | "encrypt" | "trustServerCertificate">;

/**
 * Connects and sends a LOGIN7.
 * @param federated true if the client, which gets the answer, logged in with a token
 * @throws EmulatorError QT6120 if the server cannot be reached; SqlServerError if it refuses the login
 */
export async function logIn(
  target: Target,
  login7: Buffer,
  federated: boolean,
): Promise<{ server: Duplex; reply: Buffer }> {
  const socket = connectTcp({ host: target.host, port: target.port, noDelay: true });
  // The pending answer reports the error; later the relay sees the end. An event without a listener would end the process.
  socket.on("error", () => {});
  const timer = setTimeout(() => socket.destroy(new Error("no answer to the login")), loginTimeoutMs);
  try {
    const answers = new Answers(socket);
    send(
      socket,
      packetType.prelogin,
      preloginRequest(target.encrypt ? encryption.on : encryption.notSupported),
    );
    const { encryption: offered } = parsePrelogin(await answers.next());
    const server = await secured(socket, target, offered, answers);
    send(server, packetType.login7, login7);
    const reply = loginReply(await answers.next(), federated);
    server.on("error", () => {});
    answers.stop();
    return { server, reply };
  } catch (error) {
    socket.destroy();
    if (error instanceof SqlServerError) throw error;
    const reason =
      error instanceof Error ? error.message || String((error as NodeJS.ErrnoException).code) : String(error);
    throw new EmulatorError("QT6120", { server: shownServer(target), reason }, { cause: error });
  } finally {
    clearTimeout(timer);
  }
}

function send(stream: Duplex, type: number, body: Buffer): void {
  new MessageWriter((packets) => stream.write(packets), defaultPacketSize, type).bytes(body).end();
}

/** TLS inside PRELOGIN, if the address asks for it. */
async function secured(socket: Socket, target: Target, offered: number, answers: Answers): Promise<Duplex> {
  const offersTls = offered === encryption.on || offered === encryption.required;
  if (target.encrypt && !offersTls) throw new ProtocolError("it has no TLS; add ?encrypt=false to the URL");
  if (!target.encrypt && offersTls) throw new ProtocolError("it requires TLS; add ?encrypt=true to the URL");
  if (!target.encrypt) return socket;
  answers.stop();
  const shim = new TlsShim(socket);
  const secure = connectTls({
    socket: shim,
    // Later versions do not fit into PRELOGIN.
    maxVersion: "TLSv1.2",
    rejectUnauthorized: !target.trustServerCertificate,
    ...(isIP(target.host) === 0 ? { servername: target.host } : { host: target.host }),
  });
  await new Promise<void>((resolve, reject) => {
    secure.once("secureConnect", resolve);
    secure.once("error", reject);
    secure.once("close", () => reject(new Error("the connection ended in the TLS handshake")));
  });
  shim.handshakeDone();
  answers.listenTo(secure);
  return secure;
}
