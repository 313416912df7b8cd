import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { type TLSSocket, connect as tlsConnect } from "node:tls";
import fc from "fast-check";
import { ConnectionPool, TYPES } from "mssql";
import { packetHeaderLength, packetStatus, packetType } from "./tds/protocol";
import { settings, testFiles, testProcedures, withPool } from "./testing/test-procedures";
import { startWorld, type TestWorld } from "./testing/test-support";

/** The messages of a real driver. */
interface Conversation {
  readonly prelogin: Buffer;
  readonly login: Buffer;
  readonly requests: readonly Buffer[];
}

/** A change of valid bytes. */
type Mutation =
  | { readonly kind: "cut"; readonly at: number }
  | { readonly kind: "flip"; readonly at: number; readonly bits: number }
  | { readonly kind: "overwrite"; readonly at: number; readonly bytes: Uint8Array }
  | { readonly kind: "insert"; readonly at: number; readonly bytes: Uint8Array };

const few = fc.uint8Array({ minLength: 1, maxLength: 12 });
/** Parsers trust lengths, so extreme values are frequent. */
const lie = fc.constantFrom(
  [0xff, 0xff],
  [0xff, 0xff, 0xff, 0xff],
  [0xff, 0xff, 0xff, 0x7f],
  [0, 0],
  [0, 0, 0, 0],
  [0xfe, 0xff],
);
const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  fc.record({ kind: fc.constant("cut" as const), at: fc.nat() }),
  fc.record({ kind: fc.constant("flip" as const), at: fc.nat(), bits: fc.integer({ min: 1, max: 255 }) }),
  fc.record({
    kind: fc.constantFrom("overwrite" as const, "insert" as const),
    at: fc.nat(),
    bytes: fc.oneof(
      few,
      lie.map((bytes) => Uint8Array.from(bytes)),
    ),
  }),
);
const garbage = fc
  .uint8Array({ minLength: 1, maxLength: 6000, size: "max" })
  .map((bytes) => Buffer.from(bytes));

describe("garbage sent to the SQL endpoint", () => {
  let world: TestWorld;
  let witness: ConnectionPool;
  let conversation: Conversation;
  const failures: unknown[] = [];
  const onFailure = (error: unknown): void => void failures.push(error);

  before(async () => {
    world = await startWorld(testFiles);
    await withPool(settings(world), (pool) => pool.request().batch(testProcedures));
    conversation = await record(world);
    witness = await new ConnectionPool(settings(world, { pool: { min: 1, max: 1 } })).connect();
    process.on("uncaughtExceptionMonitor", onFailure);
    process.on("unhandledRejection", onFailure);
  });

  after(async () => {
    process.off("uncaughtExceptionMonitor", onFailure);
    process.off("unhandledRejection", onFailure);
    await witness?.close();
    await world?.stop();
  });

  afterEach(async () => {
    assert.deepEqual(failures, []);
    // Every session returns its connection, whatever it was doing.
    const busy =
      "select 1 from pg_stat_activity where datname = current_database() and state <> 'idle' and pid <> pg_backend_pid()";
    while ((await world.service.query("sql-test", "orders", busy)).length > 0);
  });

  /** Sends the valid messages, each after the answer to the previous one; then the bad bytes, and nothing more. */
  async function send(sound: readonly Buffer[], bad: Buffer): Promise<void> {
    const socket = open(world.port);
    for (const step of sound) await answered(socket, step);
    await ended(socket, bad);
    const { recordset } = await witness.request().input("rows", TYPES.Int, 1).execute("shop.pages");
    assert.deepEqual(recordset, [{ status: "ok", upto: "1" }]);
  }

  const property = (bad: fc.Arbitrary<Buffer>, sound: () => readonly Buffer[], numRuns: number) =>
    fc.assert(
      fc.asyncProperty(bad, (bytes) => send(sound(), bytes)),
      { numRuns },
    );

  it("at first contact ends the connection and nothing else", () => property(garbage, () => [], 60));

  it("as a damaged PRELOGIN", () =>
    property(
      mutations(() => conversation.prelogin),
      () => [],
      60,
    ));

  it("in place of the login", () => property(garbage, () => [conversation.prelogin], 40));

  it("as a damaged login", () =>
    property(
      mutations(() => conversation.login),
      () => [conversation.prelogin],
      150,
    ));

  it("in place of a request", () => property(garbage, () => [conversation.prelogin, conversation.login], 40));

  it("as damaged requests, both packets and bodies", async () => {
    for (const request of conversation.requests) {
      await property(
        mutations(() => request),
        () => [conversation.prelogin, conversation.login],
        15,
      );
      // In valid packets, damaged bodies reach the parsers of the next layer.
      const inSoundPackets = mutations(() => body(request)).map((bytes) => packet(request[0] ?? 0, bytes));
      await property(inSoundPackets, () => [conversation.prelogin, conversation.login], 40);
    }
  });

  it("as TLS, in PRELOGIN and bare (TDS 8)", async () => {
    const wrapped = Buffer.from(conversation.prelogin);
    wrapped[encryptionAt(wrapped)] = 1;
    const hello = Buffer.concat([Buffer.from([0x16, 3, 1, 0, 200, 1]), Buffer.alloc(199, 7)]);
    const tls = fc.oneof(
      garbage,
      garbage.map((bytes) => packet(packetType.prelogin, bytes)),
      mutations(() => packet(packetType.prelogin, hello)),
    );
    await property(tls, () => [wrapped], 60);
    const bare = garbage.map((bytes) => Buffer.concat([Buffer.from([0x16, 3, 1]), bytes]));
    await property(bare, () => [], 40);
  });

  it("inside TLS", async () => {
    const bad = fc.oneof(
      garbage,
      mutations(() => Buffer.concat([conversation.prelogin, conversation.login, ...conversation.requests])),
    );
    await fc.assert(
      fc.asyncProperty(bad, async (bytes) => {
        const socket = tlsConnect({
          port: world.port,
          host: "127.0.0.1",
          rejectUnauthorized: false,
          ALPNProtocols: ["tds/8.0"],
        });
        socket.on("error", () => {});
        await once(socket, "secureConnect");
        await ended(socket, bytes);
      }),
      { numRuns: 40 },
    );
    assert.equal((await witness.request().query("SELECT 1 AS one")).recordset[0].one, 1);
  });

  it("or the end of the stream: a call ends when its client closes the connection", async () => {
    const socket = open(world.port);
    for (const step of [conversation.prelogin, conversation.login]) await answered(socket, step);
    const text = Buffer.concat([allHeaders, Buffer.from("EXEC shop.forever", "utf16le")]);
    socket.write(packet(packetType.batch, text));
    const asleep = "select 1 from pg_stat_activity where wait_event = 'PgSleep'";
    const running = async () => (await world.service.query("sql-test", "orders", asleep)).length > 0;
    while (!(await running()));
    await ended(socket, Buffer.alloc(0));
    while (await running());
  });

  it("with a false length reserves no memory for it", async () => {
    // nvarchar(max) that claims 2^62 bytes, in a chunk that claims 2 GB; then another false length.
    const lies = ["00000000000000403fffff7f", "fefffffffffffffffeffff7f"].map((hex) =>
      Buffer.from(hex, "hex"),
    );
    const before = process.memoryUsage();
    for (const bytes of lies) {
      const value = Buffer.concat([Buffer.from("000000e7ffff0904d00034", "hex"), bytes, Buffer.alloc(100)]);
      const call = Buffer.concat([
        allHeaders,
        Buffer.from("0400", "hex"),
        Buffer.from("echo", "utf16le"),
        Buffer.from("0000", "hex"),
        value,
      ]);
      await send([conversation.prelogin, conversation.login], packet(packetType.rpc, call));
    }
    const { external, arrayBuffers } = process.memoryUsage();
    assert.ok(external + arrayBuffers - before.external - before.arrayBuffers < 1 << 26);
  });
});

/** ALL_HEADERS with the transaction descriptor. */
const allHeaders = Buffer.from("16000000120000000200000000000000000001000000", "hex");

/** Mutations of the bytes, which are known only when the test runs. */
function mutations(bytes: () => Buffer): fc.Arbitrary<Buffer> {
  return fc.array(mutation, { minLength: 1, maxLength: 4 }).map((list) => list.reduce(mutate, bytes()));
}

function mutate(bytes: Buffer, change: Mutation): Buffer {
  const at = change.at % (bytes.length + 1);
  const [head, tail] = [bytes.subarray(0, at), bytes.subarray(at)];
  switch (change.kind) {
    case "cut":
      return Buffer.from(head);
    case "flip":
      return Buffer.concat([head, tail.subarray(0, 1).map((byte) => byte ^ change.bits), tail.subarray(1)]);
    case "overwrite":
      return Buffer.concat([head, change.bytes, tail.subarray(change.bytes.length)]);
    case "insert":
      return Buffer.concat([head, change.bytes, tail]);
  }
}

function packet(type: number, bytes: Buffer): Buffer {
  const header = Buffer.from([type, packetStatus.endOfMessage, 0, 0, 0, 0, 1, 0]);
  header.writeUInt16BE(packetHeaderLength + bytes.length, 2);
  return Buffer.concat([header, bytes]);
}

const body = (message: Buffer): Buffer => message.subarray(packetHeaderLength);

/** The position of the value of PRELOGIN's option ENCRYPTION. */
function encryptionAt(prelogin: Buffer): number {
  const bytes = body(prelogin);
  for (let at = 0; bytes[at] !== 0xff; at += 5) {
    if (bytes[at] === 1) return packetHeaderLength + bytes.readUInt16BE(at + 1);
  }
  throw new Error("PRELOGIN has no option ENCRYPTION");
}

function open(port: number): Socket {
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => {});
  return socket;
}

/** Sends a valid message and waits for its complete answer. */
function answered(socket: Socket, message: Buffer): Promise<void> {
  return soon("an answer", (resolve, reject) => {
    let answer: Buffer = Buffer.alloc(0);
    const onData = (chunk: Buffer): void => {
      answer = Buffer.concat([answer, chunk]);
      if (!isWhole(answer)) return;
      socket.off("data", onData);
      resolve();
    };
    socket.on("data", onData);
    socket.once("close", () => reject(new Error("closed in place of an answer")));
    socket.write(message);
  });
}

function isWhole(answer: Buffer): boolean {
  for (let at = 0; at + packetHeaderLength <= answer.length; ) {
    if (answer[at + 1] === packetStatus.endOfMessage) return true;
    at += answer.readUInt16BE(at + 2);
  }
  return false;
}

/** Sends the last bytes and ends the stream: the server must close the connection then, if it has not already. */
function ended(socket: Socket | TLSSocket, bytes: Buffer): Promise<void> {
  return soon("the end of the connection", (resolve) => {
    socket.once("close", () => resolve());
    socket.resume();
    socket.end(bytes);
  });
}

/** If the server hangs, the property fails and shows the bytes. */
function soon(
  what: string,
  work: (resolve: () => void, reject: (error: Error) => void) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`${what} did not come`)), 5000);
    const done = (end: () => void): void => {
      clearTimeout(timer);
      end();
    };
    work(
      () => done(resolve),
      (error) => done(() => reject(error)),
    );
  });
}

/** Lets mssql log in and work through a recording proxy. */
async function record(world: TestWorld): Promise<Conversation> {
  const sent: Buffer[] = [];
  const proxy = createServer((client) => {
    const server = open(world.port);
    client.on("data", (bytes) => sent.push(bytes));
    client.pipe(server).pipe(client);
    client.on("error", () => server.destroy());
  }).listen(0, "127.0.0.1");
  await once(proxy, "listening");
  const port = (proxy.address() as AddressInfo).port;
  const pool = await new ConnectionPool(settings(world, { port, pool: { min: 0, max: 1 } })).connect();
  await pool.request().input("p", TYPES.Int, 2).query("EXEC shop.pages @rows = @p");
  await pool.request().batch("EXEC shop.pages @rows = 2");
  await pool
    .request()
    .input("text_in", TYPES.NVarChar(200), "text")
    .input("big", TYPES.BigInt, "5")
    .input("small", TYPES.Int, 5)
    .input("flag", TYPES.Bit, true)
    .input("moment", TYPES.NVarChar, null)
    .execute("shop.echo");
  await pool.request().input("datasets", TYPES.NVarChar, "x".repeat(100)).execute("shop.lengths");
  const transaction = pool.transaction();
  await transaction.begin();
  await transaction.rollback();
  await pool.close();
  proxy.close();
  const messages = messagesIn(Buffer.concat(sent));
  const [prelogin, login] = [packetType.prelogin, packetType.login7].map((type) =>
    messages.find((message) => message[0] === type),
  );
  assert.ok(prelogin && login);
  const own = new Set<number>([packetType.batch, packetType.rpc, packetType.transactionManager]);
  return { prelogin, login, requests: messages.filter((message) => own.has(message[0] ?? 0)) };
}

/** Whole messages; a login with a token takes several packets. */
function messagesIn(bytes: Buffer): Buffer[] {
  const messages: Buffer[] = [];
  for (let at = 0, start = 0; at < bytes.length; ) {
    const last = bytes[at + 1] === packetStatus.endOfMessage;
    at += bytes.readUInt16BE(at + 2);
    if (last) messages.push(bytes.subarray(start, at));
    if (last) start = at;
  }
  return messages;
}
