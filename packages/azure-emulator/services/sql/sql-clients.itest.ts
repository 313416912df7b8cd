import assert from "node:assert/strict";
import {
  ConnectionError,
  ConnectionPool,
  PreparedStatement,
  RequestError,
  type config as SqlConfig,
  Transaction,
  TYPES,
} from "mssql";
import { settings, testFiles, testProcedures, withPool } from "./testing/test-procedures";
import { startWorld, type TestWorld } from "./testing/test-support";

const numbered = (number: number) => (error: unknown) =>
  error instanceof RequestError && error.number === number;

describe("mssql against the SQL endpoint", () => {
  let world: TestWorld;
  let pool: ConnectionPool;

  before(async () => {
    world = await startWorld(testFiles);
    pool = await new ConnectionPool(settings(world)).connect();
    await pool.request().batch(testProcedures);
  });

  after(async () => {
    await pool?.close();
    await world?.stop();
  });

  describe("connects", () => {
    const tls = () => ({ cryptoCredentialsDetails: { ca: world.context.certificates.ca } });
    const modes: Record<string, () => SqlConfig["options"]> = {
      "without TLS": () => ({ encrypt: false }),
      "with TLS inside PRELOGIN, trusting the local CA": () => ({ encrypt: true, ...tls() }),
      "with TDS 8 (strict)": () => ({ encrypt: "strict", ...tls() }) as unknown as SqlConfig["options"],
    };
    for (const [mode, options] of Object.entries(modes)) {
      it(`${mode}, by access token and by token credential`, async () => {
        const authentications: SqlConfig["authentication"][] = [
          { type: "azure-active-directory-access-token", options: { token: world.token() } },
          {
            type: "token-credential",
            options: {
              credential: {
                getToken: async (scopes: string | string[]) => {
                  assert.deepEqual([scopes].flat(), ["https://database.windows.net/.default"]);
                  return { token: world.token(), expiresOnTimestamp: Date.now() + 3_600_000 };
                },
              },
            },
          } as unknown as SqlConfig["authentication"],
        ];
        for (const authentication of authentications) {
          const given = { ...settings(world), options: options() ?? {}, authentication } as SqlConfig;
          const { recordset } = await withPool(given, (one) =>
            one.request().input("rows", TYPES.Int, 2).execute("shop.pages"),
          );
          assert.deepEqual(recordset, [{ status: "ok", upto: "2" }]);
        }
      });
    }

    it("but not with TLS if the client does not trust the CA", async () => {
      const given = settings(world, { options: { encrypt: true } });
      await assert.rejects(
        new ConnectionPool(given).connect(),
        (error) => error instanceof ConnectionError && error.code === "ESOCKET",
      );
    });

    it("a hundred times at once", async () => {
      const pools = await Promise.all(
        Array.from({ length: 50 }, () => new ConnectionPool(settings(world, { pool: { max: 2 } })).connect()),
      );
      const answers = await Promise.all(
        pools.flatMap((one) =>
          [1, 2].map((rows) => one.request().input("rows", TYPES.Int, rows).execute("shop.pages")),
        ),
      );
      assert.deepEqual(
        answers.map(({ recordsets }) => (recordsets as unknown[][])[1]?.length),
        pools.flatMap(() => [1, 2]),
      );
      await Promise.all(pools.map((one) => one.close()));
    });
  });

  describe("calls procedures", () => {
    it("with every parameter type and gets every column type", async () => {
      const { recordset, returnValue } = await pool
        .request()
        .input("text_in", TYPES.NVarChar(200), "it's 'é' 😀")
        .input("big", TYPES.BigInt, "9223372036854775807")
        .input("small", TYPES.Int, -2147483648)
        .input("flag", TYPES.Bit, true)
        .input("moment", TYPES.NVarChar, "2026-11-21T12:00:00.5+02:00")
        .execute("shop.echo");
      assert.equal(returnValue, 0);
      assert.deepEqual(recordset, [
        {
          text_out: "it's 'é' 😀",
          big: "9223372036854775807",
          small: -2147483648,
          flag: true,
          moment: "2026-11-21T10:00:00.5Z",
          amount: "1.50",
          day: new Date("2026-11-21T00:00:00Z"),
        },
      ]);
    });

    it("with NULL and with defaults", async () => {
      const request = pool
        .request()
        .input("text_in", TYPES.NVarChar, null)
        .input("big", TYPES.BigInt, null)
        .input("small", TYPES.Int, null);
      const { recordset } = await request.execute("[shop].[echo]");
      assert.deepEqual(
        [recordset[0].text_out, recordset[0].big, recordset[0].small, recordset[0].flag],
        [null, null, null, false],
      );
    });

    it("and distinguishes NULL from the empty text", async () => {
      const { recordset } = await pool
        .request()
        .input("datasets", TYPES.NVarChar, "")
        .execute("shop.lengths");
      assert.deepEqual(recordset, [{ characters: 0, bytes: 0, copy: "" }]);
    });

    it("with a value of 6 MB, and gets it back", async () => {
      const large = "aé😀".repeat(750_000);
      const { recordset } = await pool
        .request()
        .input("datasets", TYPES.NVarChar, large)
        .execute("shop.lengths");
      assert.equal(recordset[0].characters, 3 * 750_000);
      assert.ok(recordset[0].copy === large);
    });

    it("that return nothing", async () => {
      const { recordsets } = await pool.request().input("message", TYPES.NVarChar, "x").execute("shop.note");
      assert.deepEqual(recordsets, []);
    });

    it("that return cursors, one recordset for each", async () => {
      const { recordsets } = await pool.request().input("rows", TYPES.Int, 3).execute("shop.pages");
      const labels = [1, 2, 3].map((id) => ({ id, label: `row ${id}` }));
      assert.deepEqual(recordsets, [[{ status: "ok", upto: "3" }], labels]);
    });

    it("row by row, as a stream", async () => {
      const request = pool.request().input("rows", TYPES.Int, 100_000);
      request.stream = true;
      let rows = 0;
      request.on("row", () => rows++);
      const finished = new Promise((resolve, reject) => request.once("done", resolve).once("error", reject));
      request.execute("shop.pages");
      await finished;
      assert.equal(rows, 100_001);
    });

    it("at the client's pace: PostgreSQL waits for a client that pauses", async () => {
      const request = pool.request().input("rows", TYPES.Int, 1_000_000);
      request.stream = true;
      let rows = 0;
      const finished = new Promise((resolve, reject) => request.once("done", resolve).once("error", reject));
      const paused = new Promise<void>((resolve) => {
        request.on("row", () => {
          if (++rows !== 10) return;
          request.pause();
          resolve();
        });
      });
      request.execute("shop.pages");
      await paused;
      const waiting = "select 1 from pg_stat_activity where wait_event = 'ClientWrite'";
      while ((await world.service.query("sql-test", "orders", waiting)).length === 0);
      request.resume();
      await finished;
      assert.equal(rows, 1_000_001);
    });

    it("by EXEC with literals, as a batch and as a query with parameters", async () => {
      const batch = await pool
        .request()
        .batch("EXEC shop.echo @text_in = N'it''s', @big = 5, @small = -7, @flag = 1");
      assert.deepEqual(
        [batch.recordset[0].text_out, batch.recordset[0].big, batch.recordset[0].small],
        ["it's", "5", -7],
      );
      const query = await pool.request().input("p", TYPES.Int, 2).query("EXEC shop.pages @rows = @p");
      assert.deepEqual(
        (query.recordsets as unknown[][]).map((rows) => rows.length),
        [1, 2],
      );
    });

    it("by a prepared statement", async () => {
      const prepared = new PreparedStatement(pool).input("p", TYPES.Int);
      await prepared.prepare("EXEC shop.pages @rows = @p");
      const lengths: (number | undefined)[] = [];
      for (const p of [1, 3]) {
        const { recordsets } = await prepared.execute({ p });
        lengths.push((recordsets as unknown[][])[1]?.length);
      }
      await prepared.unprepare();
      assert.deepEqual(lengths, [1, 3]);
    });

    it("and receives the messages of RAISE NOTICE", async () => {
      const heard: string[] = [];
      const request = pool.request().input("message", TYPES.NVarChar, "hello");
      request.on("info", ({ message }) => heard.push(message));
      await request.execute("shop.note");
      assert.deepEqual(heard, ["hello"]);
    });
  });

  describe("gets errors", () => {
    it("of the database with number, severity, state, procedure and line", async () => {
      const call = pool
        .request()
        .input("message", TYPES.NVarChar, "SHOP4021: It shrank.")
        .execute("shop.fail");
      await assert.rejects(call, (error) => {
        assert.ok(error instanceof RequestError);
        const { number, state, class: severity, procName, lineNumber, serverName, message } = error;
        assert.deepEqual(
          { number, state, severity, procName, lineNumber, serverName, message },
          {
            number: 54021,
            state: 1,
            severity: 16,
            procName: "shop.fail",
            lineNumber: 2,
            serverName: "sql-test",
            message: "SHOP4021: It shrank.",
          },
        );
        return true;
      });
    });

    it("that clients retry, with SQL Server's number", async () => {
      const call = pool
        .request()
        .input("message", TYPES.NVarChar, "x")
        .input("state", TYPES.NVarChar, "40P01")
        .execute("shop.fail");
      await assert.rejects(call, numbered(1205));
    });

    it("in the middle of a recordset, and can continue", async () => {
      const call = pool.request().input("rows", TYPES.Int, 2000).execute("shop.fails_in_second");
      await assert.rejects(call, /Divide by zero/);
      assert.equal((await pool.request().query("SELECT 1 AS one")).recordset[0].one, 1);
    });

    it("for missing objects, with SQL Server's numbers", async () => {
      await assert.rejects(pool.request().execute("shop.nothing"), numbered(2812));
      await assert.rejects(pool.request().execute("pg_catalog.pg_backend_pid"), numbered(2812));
      await assert.rejects(pool.request().execute("shop.pages"), numbered(201));
      await assert.rejects(pool.request().input("x", TYPES.Int, 1).execute("shop.list_kept"), numbered(8145));
      await assert.rejects(
        pool.request().input("rows", TYPES.Text, "1").execute("shop.pages"),
        numbered(8009),
      );
      await assert.rejects(pool.request().output("rows", TYPES.Int).execute("shop.pages"), numbered(8162));
    });

    it("for any other T-SQL, which name the alternative and show no literal", async () => {
      for (const text of ["DROP TABLE shop.kept", "SELECT 'secret' FROM x", "EXEC shop.keep @id = 1 + 1"]) {
        for (const send of [() => pool.request().query(text), () => pool.request().batch(text)]) {
          await assert.rejects(send, (error) => {
            assert.ok(error instanceof RequestError && error.number === 56101);
            assert.match(error.message, /use a real SQL Server/);
            assert.doesNotMatch(error.message, /secret/);
            return true;
          });
        }
      }
    });
  });

  it("runs the host's files by their text, as batch and as query", async () => {
    await pool.request().batch("EXEC shop.keep @id = 900, @value = N'a file'");
    const text = "SELECT id FROM shop.kept -- a query\r\n";
    const found = [{ id: 900, text_value: "a file" }];
    assert.deepEqual((await pool.request().batch(text)).recordset, found);
    assert.deepEqual((await pool.request().query(text)).recordset, found);
  });

  describe("has transactions", () => {
    const ids = async () => (await pool.request().execute("shop.list_kept")).recordset.map(({ id }) => id);
    const keep = (transaction: Transaction, id: number) =>
      transaction
        .request()
        .input("id", TYPES.Int, id)
        .input("value", TYPES.NVarChar, "x")
        .execute("shop.keep");

    it("that commit or roll back", async () => {
      for (const [id, end] of [
        [1, "commit"],
        [2, "rollback"],
      ] as const) {
        const transaction = new Transaction(pool);
        await transaction.begin();
        await keep(transaction, id);
        assert.ok(!(await ids()).includes(id), "others do not see it yet");
        await transaction[end]();
      }
      assert.deepEqual(
        (await ids()).filter((id) => id < 10),
        [1],
      );
    });

    it("that go on after an error", async () => {
      const transaction = new Transaction(pool);
      await transaction.begin();
      await keep(transaction, 20);
      await assert.rejects(keep(transaction, 20), /duplicate key/);
      await keep(transaction, 21);
      await transaction.commit();
      assert.deepEqual(
        (await ids()).filter((id) => id >= 20 && id < 24),
        [20, 21],
      );
    });

    it("that an error rolls back with XACT_ABORT", async () => {
      const transaction = new Transaction(pool);
      await transaction.begin();
      await transaction.request().batch("SET XACT_ABORT ON");
      await keep(transaction, 24);
      await assert.rejects(keep(transaction, 24), /duplicate key/);
      await assert.rejects(transaction.commit());
      assert.deepEqual(
        (await ids()).filter((id) => id === 24),
        [],
      );
    });

    it("that a lost PostgreSQL connection ends, with the connection of the client", async () => {
      const transaction = new Transaction(pool);
      await transaction.begin();
      await keep(transaction, 25);
      const kill =
        "select pg_terminate_backend(pid) from pg_stat_activity where state = 'idle in transaction'";
      await world.service.query("sql-test", "orders", kill);
      await assert.rejects(keep(transaction, 26));
      await transaction.rollback().catch(() => {});
      assert.deepEqual(
        (await ids()).filter((id) => id >= 25 && id < 30),
        [],
      );
    });

    it("as text, nested as in T-SQL", async () => {
      await withPool(settings(world, { pool: { max: 1 } }), async (one) => {
        const run = (text: string) => one.request().batch(text);
        await run("BEGIN TRAN");
        await run("BEGIN TRAN");
        await run("EXEC shop.keep @id = 30, @value = N'x'");
        await run("COMMIT TRAN");
        assert.ok(!(await ids()).includes(30));
        await run("IF @@TRANCOUNT > 0 COMMIT TRAN");
        assert.ok((await ids()).includes(30));
        await run("IF @@TRANCOUNT > 0 ROLLBACK TRAN");
        await assert.rejects(run("COMMIT"), numbered(3902));
        await assert.rejects(run("ROLLBACK"), numbered(3903));
      });
    });

    it("that a closed connection rolls back", async () => {
      await withPool(settings(world, { pool: { max: 1 } }), async (one) => {
        await one.request().batch("BEGIN TRAN");
        await one.request().batch("EXEC shop.keep @id = 40, @value = N'x'");
      });
      await pool.request().batch("EXEC shop.keep @id = 40, @value = N'y'");
      assert.ok((await ids()).includes(40));
    });
  });

  describe("cancels", () => {
    it("a running call, and keeps the connection", async () => {
      await withPool(settings(world, { pool: { max: 1 } }), async (one) => {
        const request = one.request();
        const failed = assert.rejects(
          request.execute("shop.forever"),
          (error) => error instanceof RequestError && error.code === "ECANCEL",
        );
        await sleeping(world);
        request.cancel();
        await failed;
        assert.equal((await one.request().query("SELECT 1 AS one")).recordset[0].one, 1);
        assert.equal(
          (await one.request().input("rows", TYPES.Int, 5).execute("shop.pages")).rowsAffected.length,
          2,
        );
      });
    });

    it("a call that takes too long", async () => {
      await withPool(settings(world, { requestTimeout: 200, pool: { max: 1 } }), async (one) => {
        await assert.rejects(
          one.request().execute("shop.forever"),
          (error) => error instanceof RequestError && error.code === "ETIMEOUT",
        );
        assert.equal((await one.request().query("SELECT 1 AS one")).recordset[0].one, 1);
      });
    });

    it("a stream that is only partly read", async () => {
      await withPool(settings(world, { pool: { max: 1 } }), async (one) => {
        const request = one.request().input("rows", TYPES.Int, 5_000_000);
        request.stream = true;
        let rows = 0;
        const failed = new Promise((resolve) => request.once("error", resolve));
        request.on("row", () => {
          if (++rows === 1000) request.cancel();
        });
        request.execute("shop.pages");
        assert.equal((await failed) instanceof RequestError, true);
        assert.ok(rows < 1_000_000);
        assert.equal((await one.request().query("SELECT 1 AS one")).recordset[0].one, 1);
      });
    });
  });
});

/** Resolves when a call to shop.forever runs in PostgreSQL. */
async function sleeping(world: TestWorld): Promise<void> {
  const running = "select 1 from pg_stat_activity where wait_event = 'PgSleep'";
  while ((await world.service.query("sql-test", "orders", running)).length === 0);
}
