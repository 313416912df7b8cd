import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { createSecureContext } from "node:tls";
import type { Session } from "../session/session";
import { SqlServerError } from "../session/sql-server-error";
import { MessageWriter } from "./message-writer";
import { packetType } from "./protocol";
import { TdsListener } from "./tds-listener";

const prelogin = (encryption: number) =>
  packets(packetType.prelogin, Buffer.from([1, 0, 6, 0, 1, 0xff, encryption]));

function packets(type: number, body: Buffer): Buffer {
  const sent: Buffer[] = [];
  new MessageWriter((bytes) => sent.push(bytes) > 0, 4096, type).bytes(body).end();
  return Buffer.concat(sent);
}

/** A LOGIN7 that asks for the source of a token. */
function login(): Buffer {
  const body = Buffer.alloc(94 + 4 + 8);
  body.writeUInt32LE(0x74000004, 4);
  body.writeUInt32LE(4096, 8);
  body[27] = 0x10;
  body.writeUInt16LE(94, 56);
  body.writeUInt32LE(98, 94);
  // FEDAUTH by the ADAL workflow, then the end of the features.
  body.set([2, 2, 0, 0, 0, 2 << 1, 1, 0xff], 98);
  return packets(packetType.login7, body);
}

describe("a TDS listener", () => {
  const LIMIT_MS = 300;
  let listener: TdsListener;
  let port: number;

  before(async () => {
    listener = new TdsListener({
      serverName: "test",
      wrappedTls: createSecureContext({ maxVersion: "TLSv1.2" }),
      strictTls: createSecureContext(),
      loginLimitMs: LIMIT_MS,
      federated: { stsUrl: "https://sts", audience: "https://database.windows.net/" },
      login: async (): Promise<Session> => {
        throw new SqlServerError(18456, "Login failed.", { class: 14 });
      },
    });
    port = await freePort();
    await listener.listen(port);
  });
  after(() => listener.close());

  /** Sends the steps, each after an answer to the previous one, and waits for the other end to close. */
  async function hold(...steps: Buffer[]): Promise<{ answers: Buffer[]; afterMs: number }> {
    const started = performance.now();
    const socket: Socket = connect(port, "127.0.0.1");
    socket.on("error", () => {});
    const answers: Buffer[] = [];
    const closed = closing(socket);
    for (const [index, step] of steps.entries()) {
      socket.write(step);
      if (index < steps.length - 1) answers.push((await once(socket, "data"))[0]);
    }
    socket.on("data", (data) => answers.push(data));
    await closed;
    return { answers, afterMs: performance.now() - started };
  }

  const slowPeers: Record<string, Buffer[]> = {
    "sends nothing": [],
    "stops within PRELOGIN": [prelogin(2).subarray(0, 9)],
    "stops after PRELOGIN": [prelogin(2), Buffer.alloc(0)],
    "never begins the TLS that it requested": [prelogin(1), Buffer.alloc(0)],
    "stops within the TLS handshake": [
      prelogin(1),
      packets(packetType.prelogin, Buffer.from([0x16, 3, 1, 2, 0])),
    ],
    "stops within the handshake of TDS 8": [Buffer.from([0x16, 3, 1, 2, 0, 1])],
    "stops within its login": [prelogin(2), login().subarray(0, 60)],
    "never sends the token that it announced": [prelogin(2), login(), Buffer.alloc(0)],
  };
  for (const [what, steps] of Object.entries(slowPeers)) {
    it(`closes the connection of a peer that ${what}`, async () => {
      const { afterMs } = await hold(...steps);
      assert.ok(afterMs >= LIMIT_MS - 50, `closed after ${afterMs} ms: not by the limit`);
    });
  }

  it("closes the connection of a peer that sends a byte now and then", async () => {
    const socket = connect(port, "127.0.0.1");
    socket.on("error", () => {});
    const bytes = [...prelogin(2).subarray(0, 14)];
    const trickle = setInterval(() => socket.write(Buffer.from([bytes.shift() ?? 0])), LIMIT_MS / 10);
    try {
      await closing(socket);
    } finally {
      clearInterval(trickle);
    }
    assert.ok(bytes.length > 0, "it was closed before it had finished");
  });

  it("answers a failed login in time, and closes", async () => {
    const { answers, afterMs } = await hold(
      prelogin(2),
      login(),
      packets(packetType.federatedToken, Buffer.alloc(8)),
    );
    assert.ok(Buffer.concat(answers).includes(Buffer.from("Login failed.", "utf16le")));
    assert.ok(afterMs < LIMIT_MS + 1000);
  });

  it("accepts no more than a megabyte from a client that is not logged in", async () => {
    const socket = connect(port, "127.0.0.1");
    socket.on("error", () => {});
    const closed = closing(socket);
    // Never the last packet of its message.
    const packet = Buffer.alloc(32_000);
    packet.set([packetType.prelogin, 0, packet.length >> 8, packet.length & 0xff]);
    let sent = 0;
    const pour = (): void => {
      while (!socket.destroyed && sent < 1 << 26) {
        sent += packet.length;
        if (!socket.write(packet)) return void socket.once("drain", pour);
      }
    };
    pour();
    await closed;
    assert.ok(socket.bytesWritten < 1 << 24, `${socket.bytesWritten} bytes were taken`);
  });
});

/** Resolves when the connection is closed, by either side. */
function closing(socket: Socket): Promise<void> {
  return new Promise((resolve) => socket.once("close", () => resolve()));
}

/** A port on which nobody listens now. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
