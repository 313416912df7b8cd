import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { PostgresDriver } from "./postgres-driver";
import { anotherSession } from "./postgres-server";
import { Warehouse } from "./warehouse";

const header = ["id", "v"];
const rows = (value: string, count = 50) =>
  Array.from({ length: count }, (_, index) => [String(index), value]);

describe("several sessions", () => {
  let driver: PostgresDriver;
  let warehouse: Warehouse;

  before(async () => {
    driver = await PostgresDriver.create();
    warehouse = new Warehouse(driver);
    await warehouse.configure(["a", "b"].map((id) => ({ id, table: id, keyColumns: ["id"] })));
    for (const id of ["a", "b"]) await warehouse.load(id, { header, rows: rows("old") });
  });
  after(() => driver.close());

  it("shows readers the old table until the publish commits, and does not make them wait", async () => {
    const run = await warehouse.begin("a");
    await driver.stage(run, header, rows("new"));
    const publisher = await anotherSession(driver.client);
    await publisher.query("begin");
    await publisher.query("select * from qt.publish($1, false)", [run]);
    assert.deepEqual(new Set((await warehouse.live("a")).map((row) => row.v)), new Set(["old"]));
    await publisher.query("commit");
    assert.deepEqual(new Set((await warehouse.live("a")).map((row) => row.v)), new Set(["new"]));
    await publisher.end();
  });

  it("lets two publishes of one run agree, and two datasets publish side by side", async () => {
    const run = await warehouse.begin("a");
    await driver.stage(run, header, rows("twice"));
    const other = await warehouse.begin("b");
    await driver.stage(other, header, rows("beside"));
    const [one, two] = [await anotherSession(driver.client), await anotherSession(driver.client)];
    await one.query("begin");
    const first = await one.query("select * from qt.publish($1)", [run]);
    assert.equal((await warehouse.publish(other)).updated, 50, "another dataset does not wait");
    const second = two.query("select * from qt.publish($1)", [run]);
    await one.query("commit");
    assert.deepEqual((await second).rows, first.rows);
    await one.end();
    await two.end();
  });

  it("leaves nothing of a publish whose session is cut", async () => {
    const before = await warehouse.changes("a");
    const run = await warehouse.begin("a");
    await driver.stage(run, header, rows("cut"));
    const cut = await anotherSession(driver.client);
    cut.on("error", () => {});
    await cut.query("begin");
    await cut.query("select * from qt.publish($1)", [run]);
    const pid = (await cut.query<{ pid: number }>("select pg_backend_pid() as pid")).rows[0]?.pid;
    await driver.client.query("select pg_terminate_backend($1, 5000)", [pid]);
    assert.deepEqual(await warehouse.changes("a"), before);
    assert.equal((await warehouse.publish(run)).updated, 50, "and the same run can be published then");
  });

  it("registers a run once when two sessions begin it together", async () => {
    const run = randomUUID();
    const sessions = [await anotherSession(driver.client), await anotherSession(driver.client)];
    await Promise.all(sessions.map((session) => session.query("select qt.begin_load($1, 'a')", [run])));
    assert.equal((await driver.query(`select * from qt."load" where run_id = '${run}'`)).length, 1);
    for (const session of sessions) await session.end();
  });
});
