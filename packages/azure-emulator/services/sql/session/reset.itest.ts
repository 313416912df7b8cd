import assert from "node:assert/strict";
import { Transaction } from "tedious/lib/transaction";
import { packetStatus, packetType } from "../tds/protocol";
import { batch, RawClient } from "../testing/raw-client";
import { testFiles, testProcedures } from "../testing/test-procedures";
import { startWorld, TEST_DATABASE, type TestWorld } from "../testing/test-support";

describe("a reset of a pooled connection", () => {
  let world: TestWorld;
  let client: RawClient;

  before(async () => {
    world = await startWorld(testFiles);
    await using(async () => void (await run(testProcedures)));
  });
  after(() => world?.stop());
  beforeEach(async () => {
    client = await open();
    await begin();
    await run("EXEC shop.keep @id = 1, @value = N'x'");
  });
  afterEach(async () => {
    client.close();
    await world.service.query("sql-test", "orders", "truncate shop.kept");
  });

  const { resetConnection, resetConnectionKeepTransaction: keepTransaction } = packetStatus;

  it("rolls an open transaction back", async () => {
    await run("EXEC shop.keep @id = 2, @value = N'x'", resetConnection);
    assert.deepEqual(await kept(), [2]);
  });

  it("that keeps the transaction goes on in it, until its end", async () => {
    await run("EXEC shop.keep @id = 2, @value = N'x'", keepTransaction);
    assert.deepEqual(await kept(), []);
    await end("commit", keepTransaction);
    assert.deepEqual(await kept(), [1, 2]);
  });

  it("that keeps the transaction can roll it back with its first request", async () => {
    await end("rollback", keepTransaction);
    assert.deepEqual(await kept(), []);
  });

  it("that keeps the transaction forgets everything else of the session", async () => {
    await run(temporaryTable);
    assert.ok(!(await run("SELECT n FROM #mine")).includes(error));
    assert.ok((await run("SELECT n FROM #mine", keepTransaction)).includes(error));
  });

  it("without an open transaction is a whole one, by either bit", async () => {
    await end("commit");
    for (const bit of [resetConnection, keepTransaction]) {
      await run(temporaryTable);
      assert.ok((await run("SELECT n FROM #mine", bit)).includes(error));
    }
  });

  async function using(work: () => Promise<void>): Promise<void> {
    client = await open();
    await work();
    client.close();
  }

  async function open(): Promise<RawClient> {
    const opened = await RawClient.open({ port: world.port, token: world.token(), database: TEST_DATABASE });
    return opened.client;
  }

  async function run(text: string, status = 0): Promise<Buffer> {
    client.send(packetType.batch, batch(text), status);
    return (await client.message()).body;
  }

  async function begin(): Promise<void> {
    client.send(packetType.transactionManager, payload(new Transaction("", 2).beginPayload(noTransaction)));
    await client.message();
  }

  async function end(how: "commit" | "rollback", status = 0): Promise<void> {
    const request = new Transaction("", 2)[`${how}Payload`](noTransaction);
    client.send(packetType.transactionManager, payload(request), status);
    await client.message();
  }

  async function kept(): Promise<number[]> {
    const rows = await world.service.query("sql-test", "orders", "select id from shop.kept order by id");
    return rows.map(({ id }) => Number(id));
  }
});

const noTransaction = Buffer.alloc(8);
const temporaryTable = "CREATE TABLE #mine (n int)";
/** The end of an answer with an error: DONE with the bit DONE_ERROR. */
const error = Buffer.from([0xfd, 2, 0]);

function payload(pieces: Iterable<Buffer>): Buffer {
  return Buffer.concat([...pieces]);
}
