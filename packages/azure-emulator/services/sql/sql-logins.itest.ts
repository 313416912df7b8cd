import assert from "node:assert/strict";
import { connect, type Socket } from "node:net";
import { ConnectionPool, RequestError, type config as SqlConfig } from "mssql";
import { Connection, type ConnectionConfiguration } from "tedious";
import { tdsVersion, tdsVersion8 } from "./tds/protocol";
import { token as tokenType } from "./tds/tokens";
import { RawClient } from "./testing/raw-client";
import { settings, testFiles, testProcedures, usersTwin, withPool } from "./testing/test-procedures";
import { startWorld, type TestWorld } from "./testing/test-support";

describe("the SQL endpoint's logins", () => {
  let world: TestWorld;

  before(async () => {
    world = await startWorld(testFiles);
    await withPool(settings(world), (pool) => pool.request().batch(testProcedures));
    await world.service.query("sql-test", "orders", usersTwin(world.principal("function").clientId));
  });

  after(() => world?.stop());

  const withToken = (token: string, change: Partial<SqlConfig> = {}): SqlConfig =>
    settings(world, {
      authentication: { type: "azure-active-directory-access-token", options: { token } },
      ...change,
    });

  const refused = async (config: SqlConfig, message: RegExp): Promise<void> => {
    await assert.rejects(new ConnectionPool(config).connect(), message);
  };

  it("accept the server's administrator as owner", async () => {
    await withPool(settings(world), async (pool) => {
      assert.deepEqual((await pool.request().execute("shop.list_kept")).recordset, []);
    });
  });

  it("accept a database user with its own rights and no others", async () => {
    await withPool(withToken(world.token(world.principal("function"))), async (pool) => {
      assert.equal((await pool.request().input("rows", 1).execute("shop.pages")).recordsets.length, 2);
      await assert.rejects(pool.request().execute("shop.list_kept"), (error) => {
        assert.ok(error instanceof RequestError);
        assert.equal(error.number, 229);
        assert.match(
          error.message,
          /EXECUTE permission was denied on the object 'list_kept', database 'orders'/,
        );
        return true;
      });
    });
  });

  it("let a database user read through the owner's procedure what it may not read directly", async () => {
    await withPool(withToken(world.token(world.principal("function"))), async (pool) => {
      const read = async (): Promise<void> => {
        assert.deepEqual((await pool.request().execute("shop.count_kept")).recordset, [
          { kept: "0", as_owner: true },
        ]);
        await assert.rejects(pool.request().execute("shop.secret"), /permission was denied/);
      };
      await read();
      await read();
    });
  });

  it("refuse a principal that is not a user of the database", () =>
    refused(
      withToken(world.token(world.principal("stranger"))),
      /Login failed for user '<token-identified principal>'\.$/,
    ));

  it("accept TDS 8, and only over TLS", async () => {
    const { ca } = world.context.certificates;
    const login = { port: world.port, token: world.token(), tdsVersion: tdsVersion8, ca };
    const { client, answer } = await RawClient.open({ ...login, tls: "strict" });
    assert.deepEqual(loginAck(answer), tdsVersion8);
    client.close();
    const { client: plain, answer: refusal } = await RawClient.open({ ...login, tls: "in-prelogin" });
    assert.ok(refusal.includes(Buffer.from("TDS 8", "utf16le")));
    plain.close();
  });

  it("answer a client of TDS 7.4 over TLS with TDS 7.4", async () => {
    const { ca } = world.context.certificates;
    const login = { port: world.port, token: world.token(), tls: "strict" as const, ca };
    const { client, answer } = await RawClient.open(login);
    assert.deepEqual(loginAck(answer), tdsVersion);
    client.close();
  });

  it("refuse an expired token", () =>
    refused(withToken(world.token(world.context.principals.deployer, -60)), /Token is expired/));

  it("refuse a token for another audience and a text that is not a token", async () => {
    const { token } = world.context.tokens.issue(
      world.context.principals.deployer,
      "https://vault.azure.net",
    );
    await refused(withToken(token), /not currently configured to accept this token/);
    await refused(withToken("nonsense"), /not currently configured to accept this token/);
  });

  describe("show the reason, in every mode of encryption and authentication:", () => {
    const tls = () => ({ cryptoCredentialsDetails: { ca: world.context.certificates.ca } });
    const modes: Record<string, () => object> = {
      "without TLS": () => ({ encrypt: false }),
      "with TLS inside PRELOGIN": () => ({ encrypt: true, ...tls() }),
      "with TDS 8 (strict)": () => ({ encrypt: "strict", ...tls() }),
    };
    const refusals: Record<string, [token: () => string, number: number, message: RegExp]> = {
      "a wrong token": [() => "nonsense", 18456, /not currently configured to accept this token/],
      "an expired token": [
        () => world.token(world.context.principals.deployer, -60),
        18456,
        /Token is expired/,
      ],
      "a stranger's token": [
        () => world.token(world.principal("stranger")),
        18456,
        /^Login failed for user '<token-identified principal>'\.$/,
      ],
    };
    for (const [mode, options] of Object.entries(modes)) {
      for (const [what, [token, number, message]] of Object.entries(refusals)) {
        it(`${what} ${mode}`, async () => {
          const credential = {
            getToken: async () => ({ token: token(), expiresOnTimestamp: Date.now() + 60_000 }),
          };
          for (const authentication of [
            { type: "azure-active-directory-access-token", options: { token: token() } },
            { type: "token-credential", options: { credential } },
          ]) {
            const { errors, reason } = await refusal({
              server: "127.0.0.1",
              authentication,
              options: { port: world.port, database: "orders", ...options() },
            } as unknown as ConnectionConfiguration);
            assert.deepEqual(
              errors.map((error) => [error.number, error.state, error.class]),
              [[number, 1, 14]],
              `${authentication.type}: ${reason}`,
            );
            assert.match(errors[0]?.message ?? "", message);
          }
        });
      }
    }
  });

  it("refuse a SQL password", () =>
    refused(
      { server: "127.0.0.1", port: world.port, user: "sa", password: "x", options: { encrypt: false } },
      /Login failed for user 'sa'\. Reason: Azure Active Directory only/,
    ));

  it("refuse a missing database with its number, and then as a failed login", async () => {
    const numbers: number[] = [];
    await new Promise((resolve) => {
      const connection = new Connection({
        server: "127.0.0.1",
        authentication: { type: "azure-active-directory-access-token", options: { token: world.token() } },
        options: { port: world.port, encrypt: false, database: "nothing", maxRetriesOnTransientErrors: 0 },
      } as ConnectionConfiguration);
      connection.on("errorMessage", (message) => numbers.push(message.number));
      connection.on("error", () => {});
      connection.connect(resolve);
    });
    assert.deepEqual(numbers, [4060, 18456]);
  });

  it("refuse everybody while public network access is disabled", async () => {
    const { properties } = world.context.resources.get(world.serverId) ?? { properties: {} };
    const body = { location: "westeurope", properties: { ...properties, publicNetworkAccess: "Disabled" } };
    await world.put(world.serverId, body);
    await refused(settings(world), /Deny Public Network Access/);
    await world.put(world.serverId, {
      ...body,
      properties: { ...properties, publicNetworkAccess: "Enabled" },
    });
    await withPool(settings(world), async () => {});
  });

  it("accept the deployer if a group that the directory does not know administers the server", async () => {
    const administrator = `${world.serverId}/administrators/ActiveDirectory`;
    const before = world.context.resources.get(administrator)?.properties ?? {};
    const set = (properties: Readonly<Record<string, unknown>>) => world.put(administrator, { properties });
    await set({ sid: "00000000-0000-0000-0000-000000000001", login: "DBAs" });
    await withPool(settings(world), async () => {});
    await refused(withToken(world.token(world.principal("stranger"))), /Login failed/);
    await set({ sid: world.principal("stranger").objectId, login: "stranger" });
    await refused(settings(world), /Login failed/);
    await set({ sid: before.sid, login: before.login });
    await withPool(settings(world), async () => {});
  });

  it("accept the members of a group of the directory, and nobody else", async () => {
    const administrator = `${world.serverId}/administrators/ActiveDirectory`;
    const before = world.context.resources.get(administrator)?.properties ?? {};
    const group = "00000000-0000-0000-0000-0000000000aa";
    const member = world.principal("member");
    await world.context.directory.change((content) => ({
      ...content,
      groups: [
        ...content.groups,
        {
          id: group,
          displayName: "DBAs",
          mailNickname: "dbas",
          description: null,
          createdDateTime: "2026-01-01T00:00:00Z",
          members: [member.objectId],
        },
      ],
    }));
    await world.put(administrator, { properties: { sid: group, login: "DBAs" } });
    await withPool(withToken(world.token(member)), async () => {});
    await refused(settings(world), /Login failed/);
    await world.put(administrator, { properties: { sid: before.sid, login: before.login } });
  });

  describe("from peers that do not speak TDS", () => {
    const samples: Record<string, Buffer> = {
      "an HTTP request": Buffer.from("GET / HTTP/1.1\r\nHost: x\r\n\r\n"),
      "a TLS record of nonsense": Buffer.from([0x16, 3, 1, 0, 5, 1, 2, 3, 4, 5]),
      "a PRELOGIN that points outside itself": Buffer.from([
        0x12, 1, 0, 14, 0, 0, 0, 0, 1, 0xff, 0xff, 0, 1, 0xff,
      ]),
      "a login before PRELOGIN": Buffer.concat([
        Buffer.from([0x10, 1, 0, 108, 0, 0, 1, 0]),
        Buffer.alloc(100),
      ]),
      "a packet shorter than its header": Buffer.from([0x12, 1, 0, 3, 0, 0, 0, 0]),
      "random bytes": Buffer.from(Array.from({ length: 4096 }, (_, index) => (index * 7919) % 251)),
    };
    for (const [name, bytes] of Object.entries(samples)) {
      it(`end at ${name}, and the server keeps running`, async () => {
        const socket = connect(world.port, "127.0.0.1");
        socket.on("error", () => {});
        socket.write(bytes);
        await closed(socket);
        await withPool(settings(world), async () => {});
      });
    }

    it("end after a valid PRELOGIN and garbage in place of the login", async () => {
      const prelogin = Buffer.from([0x12, 1, 0, 15, 0, 0, 0, 0, 1, 0, 6, 0, 1, 0xff, 2]);
      const socket = connect(world.port, "127.0.0.1");
      socket.on("error", () => {});
      socket.write(prelogin);
      await new Promise((resolve) => socket.once("data", resolve));
      socket.write(Buffer.concat([Buffer.from([0x10, 1, 0, 108, 0, 0, 1, 0]), Buffer.alloc(100, 0xff)]));
      await closed(socket);
    });
  });
});

interface ServerMessage {
  readonly number: number;
  readonly state: number;
  readonly class: number;
  readonly message: string;
}

/** The errors in the answer to a login as tedious reads them, and the reason that tedious reports. */
function refusal(config: ConnectionConfiguration): Promise<{ errors: ServerMessage[]; reason: string }> {
  return new Promise((resolve) => {
    const errors: ServerMessage[] = [];
    const connection = new Connection(config);
    connection.on("errorMessage", (message: ServerMessage) => void errors.push(message));
    connection.on("error", () => {});
    connection.connect((error) => resolve({ errors, reason: String(error) }));
  });
}

async function closed(socket: Socket): Promise<void> {
  socket.resume();
  await new Promise((resolve) => socket.once("close", resolve));
}

/** TDS's version in the LOGINACK of an answer. */
function loginAck(answer: Buffer): number {
  // The token, its length, the interface (T-SQL), then the version.
  const interfaces = Buffer.from([1]);
  for (let at = answer.indexOf(tokenType.loginAck); at >= 0; at = answer.indexOf(tokenType.loginAck, at + 1))
    if (answer.subarray(at + 3, at + 4).equals(interfaces)) return answer.readUInt32BE(at + 4);
  throw new Error("there is no LOGINACK");
}
