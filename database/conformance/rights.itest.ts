import assert from "node:assert/strict";
import { PostgresDriver } from "./postgres-driver";
import { anotherSession } from "./postgres-server";
import { refuses } from "./warehouse";

const adf = { name: "adf", client_id: "6f9619ff-8b86-d011-b42d-00cf4fc964ff", role: "loader" };
const fivetran = { name: "fivetran", client_id: "00000000-8b86-d011-b42d-00cf4fc964ff", role: "reader" };

/** On SQL Server the same is asserted over logins that only it can make. */
describe("rights of the twin's roles", () => {
  let driver: PostgresDriver;

  before(async () => {
    driver = await PostgresDriver.create(true);
    for (const user of [adf, fivetran, adf]) await driver.call("qt.ensure_user", user);
    await driver.call("qt.configure", { datasets: '[{"id":"d","table":"d"}]', unknown_datasets: "ignore" });
  });
  after(() => driver.close());

  async function as<T>(user: string, sql: string): Promise<T[]> {
    const session = await anotherSession(driver.client, user);
    try {
      const result = await session.query(sql);
      return Array.isArray(result) ? [] : result.rows;
    } finally {
      await session.end();
    }
  }
  const denied = (user: string, sql: string) => assert.rejects(as(user, sql), /permission denied/);

  it("lets the loader load a dataset, and nothing else", async () => {
    await as(
      "adf",
      "select qt.begin_load('run-1', 'd'); select qt.reset_staging('run-1'); create table staging.load_run1 (a text); insert into staging.load_run1 values ('x')",
    );
    assert.equal(
      (await as<{ inserted: string }>("adf", "select * from qt.publish('run-1')"))[0]?.inserted,
      "1",
    );
    await as("adf", "select qt.fail_load('run-1', 'x'); select qt.purge(); select * from qt.list_datasets()");
    await denied("adf", "select * from data.d");
    await denied("adf", 'select * from qt."load"');
    await denied("adf", "select qt.configure('[]', 'ignore')");
    await denied("adf", "select qt.changes('d', null, 0, 0, null, 1)");
    await denied("adf", "create table data.mine (a text)");
  });

  it("lets the reader read the feed, and nothing else", async () => {
    assert.equal((await as("fivetran", "select * from qt.list_datasets()")).length, 1);
    assert.equal((await as("fivetran", "select qt.changes('d', null, 0, 0, null, 1)")).length, 2);
    await denied("fivetran", "select * from data.d");
    await denied("fivetran", "select qt.begin_load('run-2', 'd')");
    await denied("fivetran", "select qt.apply_delta('data.d', '{}', 1, 1)");
    await denied("fivetran", "create table staging.mine (a text)");
  });

  it("finds a user by its client id, and moves it to another role", async () => {
    await driver.call("qt.ensure_user", { ...adf, name: "mover" });
    await driver.call("qt.ensure_user", {
      ...adf,
      name: "mover",
      role: "reader",
      client_id: adf.client_id.toUpperCase(),
    });
    const [row] = await driver.query(`select shobj_description(oid, 'pg_authid') as client_id,
      pg_has_role(oid, current_database() || '/reader', 'usage') as reader, pg_has_role(oid, current_database() || '/loader', 'usage') as loader
      from pg_roles where rolname = current_database() || '/mover'`);
    assert.deepEqual(row, { client_id: adf.client_id, reader: true, loader: false });
  });

  it("refuses an unknown role, a name of its own and what is not a client id", async () => {
    await refuses(driver.call("qt.ensure_user", { ...adf, role: "owner" }), "QT4030");
    await refuses(driver.call("qt.ensure_user", { ...adf, name: "loader" }), "QT4030");
    await refuses(driver.call("qt.ensure_user", { ...adf, client_id: "me" }), "QT4030");
  });
});
