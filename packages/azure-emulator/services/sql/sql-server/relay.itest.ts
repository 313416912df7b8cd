import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createSecureContext } from "node:tls";
import { Transaction, TYPES } from "mssql";
import { createLocalContext } from "../../../control-plane";
import type { LocalContext } from "../../../control-plane/local-service";
import { EmbeddedPostgres } from "../postgres/embedded-postgres";
import { PostgresBackend } from "../postgres/postgres-backend";
import type { Login } from "../session/login";
import { loginFailed } from "../session/login";
import { withSqlLogin } from "../tds/login7";
import type { TdsHost } from "../tds/tds-connection";
import { TdsListener } from "../tds/tds-listener";
import { testFiles, testProcedures, withPool } from "../testing/test-procedures";
import { writeTestFiles } from "../testing/test-support";
import { CallObserver } from "./call-observer";
import { logIn, ServerConnection, type Target } from "./server-connection";

const password = `secret-${randomBytes(4).toString("hex")}`;

/** Our own endpoint, with SQL logins, plays the real server; a second endpoint relays its clients to it. */
describe("a client that is relayed to a server", () => {
  let folder: string;
  let context: LocalContext;
  let postgres: EmbeddedPostgres;
  const listeners: TdsListener[] = [];
  /** Ends of the connections to the server. */
  const ends: Promise<unknown>[] = [];
  let login: Login;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "sql-relay-"));
    await writeTestFiles(folder, testFiles);
    context = await createLocalContext(join(folder, "state"));
    postgres = new EmbeddedPostgres(context);
    const backend = new PostgresBackend(context, postgres, join(folder, "database"));
    await backend.ensure("srv", "db");
    const server = {
      id: "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Sql/servers/srv",
      name: "srv",
      properties: {},
    } as Login["server"];
    const { tenantId } = context;
    login = {
      principal: context.principals.deployer,
      server,
      database: "db",
      tenantId,
      isAdministrator: true,
    };
    serverPort = await listen(async ({ credential, database }) => {
      if (credential.kind !== "password" || credential.userName !== "sa") throw loginFailed("", "nobody");
      assert.equal(database, "db");
      return backend.open(login);
    });
    await withPool(settings(await proxy({})), (pool) => pool.request().batch(testProcedures));
  });

  after(async () => {
    await Promise.all(listeners.map((listener) => listener.close()));
    await postgres?.stop();
    await context?.close();
    await rm(folder, { recursive: true, force: true });
  });

  let serverPort: number;

  async function listen(answer: TdsHost["login"]): Promise<number> {
    const { cert, key } = context.certificates;
    const listener = new TdsListener({
      serverName: "srv",
      wrappedTls: createSecureContext({ cert, key, maxVersion: "TLSv1.2" }),
      strictTls: createSecureContext({ cert, key }),
      federated: { stsUrl: "https://localhost/tenant", audience: "https://database.windows.net/" },
      loginLimitMs: 300_000,
      login: answer,
    });
    listeners.push(listener);
    const port = await context.port(`relay-${listeners.length}`);
    await listener.listen(port);
    return port;
  }

  /** A port that relays its clients. */
  function proxy(change: Partial<Target>, user = "sa"): Promise<number> {
    return listen(async (request, token) => {
      assert.equal(token, "a token");
      const account = { user, password, database: "db" };
      const target = {
        host: "127.0.0.1",
        port: serverPort,
        encrypt: false,
        trustServerCertificate: false,
        ...change,
      };
      const { server, reply } = await logIn(target, withSqlLogin(request, account), true);
      ends.push(new Promise((resolve) => server.once("close", resolve)));
      return new ServerConnection(reply, server, new CallObserver(context.flow, login));
    });
  }

  const settings = (port: number, encrypt = false) => ({
    server: "127.0.0.1",
    port,
    database: "orders",
    options: { encrypt, trustServerCertificate: true },
    authentication: { type: "azure-active-directory-access-token" as const, options: { token: "a token" } },
  });

  const ways: [string, Partial<Target>, boolean][] = [
    ["in plain text on both sides", {}, false],
    ["with TLS on both sides", { encrypt: true, trustServerCertificate: true }, true],
    ["with TLS to the server only", { encrypt: true, trustServerCertificate: true }, false],
  ];
  for (const [name, change, encrypt] of ways) {
    it(`calls, sends and gets large values, and sees errors, ${name}`, async () => {
      await withPool(settings(await proxy(change), encrypt), async (pool) => {
        const large = "é😀".repeat(1_000_000);
        const lengths = await pool
          .request()
          .input("datasets", TYPES.NVarChar(Number.POSITIVE_INFINITY), large)
          .execute("shop.lengths");
        assert.equal(lengths.recordset[0].copy, large);
        const pages = await pool.request().input("rows", TYPES.Int, 5000).execute("shop.pages");
        assert.equal((pages.recordsets as unknown[][])[1]?.length, 5000);
        await assert.rejects(
          pool.request().input("message", TYPES.NVarChar, "SHOP4001: no").execute("shop.fail"),
          (error: Error & { number?: number }) => error.number === 54001,
        );
      });
    });
  }

  it("has transactions, and can cancel a running request", async () => {
    await withPool(settings(await proxy({})), async (pool) => {
      const transaction = new Transaction(pool);
      await transaction.begin();
      await transaction
        .request()
        .input("id", TYPES.Int, 1)
        .input("value", TYPES.NVarChar, "x")
        .execute("shop.keep");
      await transaction.rollback();
      assert.equal((await pool.request().execute("shop.list_kept")).recordset.length, 0);
      const request = pool.request();
      const endless = request.execute("shop.forever");
      setTimeout(() => request.cancel(), 50);
      await assert.rejects(endless, { code: "ECANCEL" });
      assert.equal((await pool.request().execute("shop.list_kept")).recordset.length, 0);
    });
  });

  it("is one of many at once, and closes the server's side when it ends", async () => {
    const port = await proxy({});
    await Promise.all(
      Array.from({ length: 20 }, () =>
        withPool(settings(port), async (pool) => {
          assert.equal((await pool.request().execute("shop.list_kept")).recordset.length, 0);
        }),
      ),
    );
    assert.ok(ends.length >= 20);
    await Promise.all(ends);
  });

  it("gets the server's refusal, and the reason that the server is unreachable", async () => {
    await assert.rejects(
      withPool(settings(await proxy({}, "somebody")), async () => {}),
      /Login failed for user 'nobody'/,
    );
    await assert.rejects(
      withPool(settings(await proxy({ encrypt: true })), async () => {}),
      /QT6120: .*verify the first certificate/,
    );
    await assert.rejects(
      withPool(settings(await proxy({ port: 1 })), async () => {}),
      /QT6120: .*ECONNREFUSED/,
    );
  });

  it("appears in the flow with its calls", async () => {
    const started = context.flow.recent(1000).length;
    await withPool(settings(await proxy({})), (pool) => pool.request().execute("shop.list_kept"));
    const steps = context.flow.recent(1000).slice(started);
    // Reported twice: by the endpoint that plays the server, and by the one that relays.
    assert.deepEqual(
      steps.filter(({ status }) => status === "succeeded").map(({ name }) => name),
      ["shop.list_kept", "shop.list_kept"],
    );
  });
});
