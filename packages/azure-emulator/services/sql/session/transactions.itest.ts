import assert from "node:assert/strict";
import { Transaction } from "tedious/lib/transaction";
import { packetType } from "../tds/protocol";
import { type Answer, ask, readAnswer } from "../testing/answer";
import { batch, RawClient } from "../testing/raw-client";
import { testFiles, testProcedures } from "../testing/test-procedures";
import { startWorld, TEST_DATABASE, type TestWorld } from "../testing/test-support";

describe("transactions over TDS", () => {
  let world: TestWorld;
  let client: RawClient;

  before(async () => {
    world = await startWorld(testFiles);
    client = await open();
    await ask(client, testProcedures);
    client.close();
  });
  after(() => world?.stop());
  beforeEach(async () => {
    client = await open();
  });
  afterEach(async () => {
    client.close();
    await world.service.query("sql-test", "orders", "truncate shop.kept");
  });

  describe("with savepoints", () => {
    it("roll back to one by name, as requests", async () => {
      await request("begin", "t1");
      await keep(1);
      assert.deepEqual(numbers(await request("save", "s")), []);
      await keep(2);
      assert.deepEqual(await request("rollback", "s"), { ...nothing });
      await keep(3);
      await request("commit", "");
      assert.deepEqual(await kept(), [1, 3]);
    });

    it("roll back to one by name, as text", async () => {
      await ask(client, "BEGIN TRAN; SAVE TRAN s");
      await keep(1);
      await ask(client, "ROLLBACK TRAN s; COMMIT");
      assert.deepEqual(await kept(), []);
    });

    it("of the same name roll back to the last one, and keep it", async () => {
      await ask(client, "BEGIN TRAN; SAVE TRAN s");
      await keep(1);
      await ask(client, "SAVE TRAN s");
      for (const id of [2, 3]) {
        await keep(id);
        await ask(client, "ROLLBACK TRAN s");
      }
      await ask(client, "COMMIT");
      assert.deepEqual(await kept(), [1]);
    });

    it("forget those after the one that was rolled back to", async () => {
      await ask(client, "BEGIN TRAN; SAVE TRAN a; SAVE TRAN b; ROLLBACK TRAN a");
      assert.deepEqual(numbers(await ask(client, "ROLLBACK TRAN b")), [6401]);
    });

    it("refuse an unknown name with 6401, and stay open", async () => {
      await request("begin", "outer");
      await keep(1);
      assert.deepEqual(numbers(await request("rollback", "nope")), [6401]);
      assert.deepEqual(numbers(await request("rollback", "OUTER")), [6401]);
      await request("commit", "");
      assert.deepEqual(await kept(), [1]);
    });

    it("roll everything back by the name of the transaction", async () => {
      await request("begin", "outer");
      await ask(client, "BEGIN TRAN inner");
      await keep(1);
      assert.deepEqual(numbers(await request("rollback", "inner")), [6401]);
      assert.deepEqual((await request("rollback", "outer")).changes, ["ROLLBACK_TXN"]);
      assert.deepEqual(await kept(), []);
    });

    it("need a transaction", async () => {
      assert.deepEqual(numbers(await request("save", "s")), [628]);
      assert.deepEqual(numbers(await ask(client, "SAVE TRAN s")), [628]);
    });
  });

  describe("after an error", () => {
    it("go on without XACT_ABORT, and only the failed call is undone", async () => {
      await ask(client, "BEGIN TRAN");
      await keep(1);
      const failed = await ask(client, "EXEC shop.keep @id = 1, @value = N'x'");
      assert.deepEqual([numbers(failed), failed.changes], [[2627], []]);
      await keep(2);
      await ask(client, "COMMIT");
      assert.deepEqual(await kept(), [1, 2]);
    });

    it("are rolled back with XACT_ABORT, and the client learns of it", async () => {
      await ask(client, "SET XACT_ABORT ON; BEGIN TRAN");
      await keep(1);
      const failed = await ask(client, "EXEC shop.keep @id = 1, @value = N'x'");
      assert.deepEqual([numbers(failed), failed.changes], [[2627], ["ROLLBACK_TXN"]]);
      assert.deepEqual(numbers(await ask(client, "COMMIT")), [3902]);
    });

    it("are rolled back if the procedure sets XACT_ABORT ON in its T-SQL", async () => {
      await ask(client, "BEGIN TRAN");
      await keep(1);
      const failed = await ask(client, "EXEC shop.keep_all_or_nothing @id = 1");
      assert.deepEqual([numbers(failed), failed.changes], [[2627], ["ROLLBACK_TXN"]]);
    });

    it("are rolled back by a deadlock in any case", async () => {
      await ask(client, "BEGIN TRAN");
      const failed = await ask(client, "EXEC shop.fail @message = N'x', @state = N'40P01'");
      assert.deepEqual([numbers(failed), failed.changes], [[1205], ["ROLLBACK_TXN"]]);
    });

    it("go on after a call that could not begin", async () => {
      await ask(client, "BEGIN TRAN");
      await keep(1);
      assert.deepEqual(numbers(await ask(client, "EXEC shop.nothing")), [2812]);
      assert.deepEqual(numbers(await ask(client, "EXEC shop.keep")), [201]);
      await ask(client, "COMMIT");
      assert.deepEqual(await kept(), [1]);
    });
  });

  describe("after a cancellation, such as a client's timeout", () => {
    for (const [abort, expected] of [
      ["OFF", [1, 2]],
      ["ON", [2]],
    ] as const) {
      it(`with XACT_ABORT ${abort}`, async () => {
        await ask(client, `SET XACT_ABORT ${abort}; BEGIN TRAN`);
        await keep(1);
        await cancel("EXEC shop.forever");
        await keep(2);
        await ask(client, "IF @@TRANCOUNT > 0 COMMIT");
        assert.deepEqual(await kept(), expected);
      });
    }
  });

  describe("that are implicit", () => {
    it("begin with the first call, and last until their end", async () => {
      await ask(client, "SET IMPLICIT_TRANSACTIONS ON");
      assert.deepEqual(await trancount(), 0);
      const first = await ask(client, "EXEC shop.keep @id = 1, @value = N'x'");
      assert.deepEqual([first.changes, await trancount()], [["BEGIN_TXN"], 1]);
      await ask(client, "ROLLBACK");
      assert.deepEqual(await kept(), []);
      await keep(2);
      await ask(client, "COMMIT");
      assert.deepEqual([await trancount(), await kept()], [0, [2]]);
    });

    it("count a BEGIN as the second", async () => {
      await ask(client, "SET IMPLICIT_TRANSACTIONS ON; BEGIN TRAN");
      assert.equal(await trancount(), 2);
    });
  });

  describe("have the isolation level", () => {
    const level = async () => (await ask(client, "EXEC shop.level")).rows[0]?.[0];

    it("of SET, in a transaction and without one", async () => {
      await ask(client, "SET TRANSACTION ISOLATION LEVEL SERIALIZABLE");
      assert.equal(await level(), "serializable");
      await ask(client, "BEGIN TRAN");
      assert.equal(await level(), "serializable");
      await ask(client, "ROLLBACK; SET TRANSACTION ISOLATION LEVEL READ COMMITTED");
      assert.equal(await level(), "read committed");
    });

    it("and refuse another one once they have begun, and stay open", async () => {
      await ask(client, "BEGIN TRAN");
      await keep(1);
      assert.deepEqual(numbers(await ask(client, "SET TRANSACTION ISOLATION LEVEL SNAPSHOT")), [56101]);
      assert.deepEqual(numbers(await ask(client, "SET TRANSACTION ISOLATION LEVEL READ UNCOMMITTED")), []);
      await ask(client, "COMMIT");
      assert.deepEqual(await kept(), [1]);
    });

    for (const [name, number] of [
      ["SNAPSHOT", 3960],
      ["SERIALIZABLE", 1205],
    ] as const) {
      it(`${name}, and end in a conflict with ${number}`, async () => {
        await keep(1);
        await ask(client, `SET TRANSACTION ISOLATION LEVEL ${name}; BEGIN TRAN`);
        await ask(client, "EXEC shop.list_kept");
        const other = await open();
        await ask(other, "EXEC shop.change_kept @id = 1");
        other.close();
        const failed = await ask(client, "EXEC shop.change_kept @id = 1");
        assert.deepEqual([numbers(failed), failed.changes], [[number], ["ROLLBACK_TXN"]]);
      });
    }
  });

  it("wait for a lock no longer than LOCK_TIMEOUT, also after a rollback", async () => {
    await keep(1);
    const other = await open();
    await ask(other, "BEGIN TRAN; EXEC shop.lock_kept @id = 1");
    await ask(client, "BEGIN TRAN; SET LOCK_TIMEOUT 0; ROLLBACK");
    assert.deepEqual(numbers(await ask(client, "EXEC shop.change_kept @id = 1")), [1222]);
    assert.deepEqual((await ask(client, "SELECT @@LOCK_TIMEOUT")).rows, [[0]]);
    other.close();
  });

  it("have the options of a dynamic text only while it runs", async () => {
    const inside = "SET LOCK_TIMEOUT 5; SET XACT_ABORT ON; SELECT @@LOCK_TIMEOUT";
    assert.deepEqual((await ask(client, `EXEC sp_executesql N'${inside}'; SELECT @@LOCK_TIMEOUT`)).rows, [
      [5],
      [-1],
    ]);
    await ask(client, "BEGIN TRAN");
    await keep(1);
    assert.deepEqual((await ask(client, "EXEC shop.keep @id = 1, @value = N'x'")).changes, []);
  });

  it("send no counts of rows under NOCOUNT", async () => {
    assert.deepEqual((await ask(client, "EXEC shop.level")).counts, [1]);
    assert.deepEqual((await ask(client, "SET NOCOUNT ON; EXEC shop.level")).counts, []);
  });

  async function open(): Promise<RawClient> {
    const opened = await RawClient.open({ port: world.port, token: world.token(), database: TEST_DATABASE });
    return opened.client;
  }

  async function keep(id: number): Promise<void> {
    assert.deepEqual(numbers(await ask(client, `EXEC shop.keep @id = ${id}, @value = N'x'`)), []);
  }

  async function trancount(): Promise<unknown> {
    return (await ask(client, "SELECT @@TRANCOUNT")).rows[0]?.[0];
  }

  async function kept(): Promise<number[]> {
    const rows = await world.service.query("sql-test", "orders", "select id from shop.kept order by id");
    return rows.map(({ id }) => Number(id));
  }

  /** A request to the transaction manager. */
  async function request(operation: "begin" | "commit" | "rollback" | "save", name: string): Promise<Answer> {
    const payload = new Transaction(name, 2)[`${operation}Payload`](Buffer.alloc(8));
    client.send(packetType.transactionManager, Buffer.concat([...payload]));
    return readAnswer((await client.message()).body);
  }

  /** Runs a batch and cancels it once it is running in PostgreSQL. */
  async function cancel(text: string): Promise<void> {
    client.send(packetType.batch, batch(text));
    const running = "select 1 from pg_stat_activity where wait_event = 'PgSleep'";
    while ((await world.service.query("sql-test", "orders", running)).length === 0);
    client.send(packetType.attention);
    await client.message();
    await client.message();
  }
});

const nothing: Answer = { errors: [], rows: [], types: [], counts: [], changes: [] };

function numbers({ errors }: Answer): number[] {
  return errors.map(({ number }) => number);
}
