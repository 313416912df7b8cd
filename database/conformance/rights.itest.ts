import assert from "node:assert/strict";
import { skip } from "../../packages/kit/testing/skip";
import type { Session } from "./driver";
import { refuses, useWarehouse } from "./warehouse";

const adf = { name: "adf", client_id: "6f9619ff-8b86-d011-b42d-00cf4fc964ff", role: "loader" };

describe("rights of the roles", () => {
  const warehouse = useWarehouse({ roles: true });
  const driver = () => warehouse().driver;

  beforeEach(function () {
    const { rights } = driver().lacks;
    if (rights !== undefined) skip(this, rights);
  });

  let configured = false;
  async function as<T>(user: string, work: (session: Session) => Promise<T>): Promise<T> {
    if (!configured) {
      configured = true;
      await driver().addUser("mover", "loader");
      await driver().addUser("consumer", "reader");
      await driver().addUser("watcher", "auditor");
      await warehouse().configure([{ id: "d", table: "d" }]);
    }
    const session = await driver().session(user);
    try {
      return await work(session);
    } finally {
      await session.close();
    }
  }
  const denied = (user: string, work: (session: Session) => Promise<unknown>) =>
    // Creating a table in a schema without ALTER has its own message (error 2760).
    assert.rejects(
      as(user, work),
      /permission (was )?denied|either does not exist or you do not have permission/i,
    );

  const page = { dataset_id: "d", epoch: null, after_version: 0, after_row: 0, upto: null, limit: 1 };

  it("lets the loader only load datasets", async () => {
    await as("mover", async (session) => {
      await session.call("qt.begin_load", { run_id: "run-1", dataset_id: "d" });
      await session.call("qt.reset_staging", { run_id: "run-1" });
      await session.query("create table staging.load_run1 (a varchar(10))");
      await session.query("insert into staging.load_run1 values ('x')");
      const [rows] = await session.call("qt.publish", { run_id: "run-1" });
      assert.equal(Number(rows?.[0]?.inserted), 1);
      await session.call("qt.fail_load", { run_id: "run-1", error: "x" });
      await session.call("qt.purge");
      assert.equal((await session.call("qt.datasets_to_load"))[0]?.length, 1);
    });
    await denied("mover", (session) => session.call("qt.list_datasets"));
    await denied("mover", (session) => session.query("select * from data.d"));
    await denied("mover", (session) => session.query('select * from qt."load"'));
    await denied("mover", (session) => session.query("select * from qt.refused_value"));
    await denied("mover", (session) => session.call("qt.erase", { dataset_id: "d", key: "{}" }));
    await denied("mover", (session) =>
      session.call("qt.configure", { datasets: "[]", unknown_datasets: "ignore" }),
    );
    await denied("mover", (session) => session.call("qt.changes", page));
    await denied("mover", (session) => session.query("create table data.mine (a varchar(10))"));
  });

  it("does not let the loader reach the landed rows with a trigger on its own table", async () => {
    const trigger = {
      postgres: [
        "create function staging.reach() returns trigger language plpgsql as 'begin delete from data.d; return null; end'",
        "create trigger reach after insert on staging.load_run3 execute function staging.reach()",
      ],
      sqlserver: [
        "exec(N'create trigger staging.reach on staging.load_run3 after insert as delete from data.d')",
      ],
    }[driver().engine];
    await as("mover", async (session) => {
      await session.query("create table staging.load_run3 (a varchar(10))");
      for (const statement of trigger) await session.query(statement);
    });
    await denied("mover", (session) => session.query("insert into staging.load_run3 values ('x')"));
    assert.equal((await warehouse().live("d")).length, 1);
  });

  it("lets the reader only read the feed", async () => {
    await as("consumer", async (session) => {
      assert.equal((await session.call("qt.list_datasets"))[0]?.length, 1);
      assert.equal((await session.call("qt.changes", page)).length, 2);
    });
    await denied("consumer", (session) => session.query("select * from data.d"));
    await denied("consumer", (session) => session.query("select * from qt.refused_value"));
    await denied("consumer", (session) => session.call("qt.lift_erasure", { dataset_id: "d", key: "{}" }));
    await denied("consumer", (session) =>
      session.call("qt.begin_load", { run_id: "run-2", dataset_id: "d" }),
    );
    await denied("consumer", (session) => session.call("qt.create_landed_table", { dataset_no: 1 }));
    await denied("consumer", (session) => session.query("create table staging.mine (a varchar(10))"));
  });

  it("lets the auditor only read the values that loads were refused for", async () => {
    await warehouse().configure([
      { id: "d", table: "d" },
      { id: "keyed", table: "keyed", keyColumns: ["id"] },
    ]);
    await as("mover", async (session) => {
      await session.call("qt.begin_load", { run_id: "run-4", dataset_id: "keyed" });
      await session.query("create table staging.load_run4 (id varchar(10))");
      await session.query("insert into staging.load_run4 values ('P-1'), ('P-1')");
      await refuses(session.call("qt.publish", { run_id: "run-4" }), "QT4012");
      await session.call("qt.fail_load", { run_id: "run-4", error: "QT4012: twice" });
    });
    await as("watcher", async (session) => {
      const values = await session.query("select header, value from qt.refused_value where run_id = 'run-4'");
      assert.deepEqual(values, [{ header: "id", value: "P-1" }]);
    });
    for (const table of ["data.d", 'qt."load"', "qt.erased_key", "qt.dataset", "staging.load_run3"])
      await denied("watcher", (session) => session.query(`select * from ${table}`));
    await denied("watcher", (session) => session.query("delete from qt.refused_value"));
    await denied("watcher", (session) => session.call("qt.list_datasets"));
    await denied("watcher", (session) => session.call("qt.changes", page));
  });

  it("finds a user by its client id, and moves it to another role", async function () {
    if (driver().engine !== "postgres")
      skip(this, "a user with the SID of a managed identity needs the directory");
    await driver().call("qt.ensure_user", adf);
    await driver().call("qt.ensure_user", { ...adf, name: "moved" });
    await driver().call("qt.ensure_user", {
      ...adf,
      name: "moved",
      role: "reader",
      client_id: adf.client_id.toUpperCase(),
    });
    const users = await driver().query(`select shobj_description(oid, 'pg_authid') as client_id,
      pg_has_role(oid, current_database() || '/reader', 'usage') as reader, pg_has_role(oid, current_database() || '/loader', 'usage') as loader
      from pg_roles where rolname in (current_database() || '/adf', current_database() || '/moved')`);
    assert.deepEqual(users, [{ client_id: adf.client_id, reader: true, loader: false }]);
  });

  it("takes names as long as Azure's, each for its own identity", async function () {
    if (driver().engine !== "postgres")
      skip(this, "a user with the SID of a managed identity needs the directory");
    const long = `adf-qt-${"a".repeat(56)}`;
    const ids = ["1", "2"].map((digit) => adf.client_id.replace(/.$/, digit));
    for (const [index, client_id] of ids.entries())
      await driver().call("qt.ensure_user", { ...adf, name: `${long.slice(0, -1)}${index}`, client_id });
    const found = await driver().query(
      `select shobj_description(oid, 'pg_authid') as client_id from pg_roles where rolname like current_database() || '/adf-qt-aaa%' order by 1`,
    );
    assert.deepEqual(
      found.map(({ client_id }) => client_id),
      ids,
    );
  });

  it("refuses an unknown role, a reserved name and an invalid client id", async () => {
    await refuses(driver().call("qt.ensure_user", { ...adf, role: "owner" }), "QT4030");
    await refuses(driver().call("qt.ensure_user", { ...adf, name: "loader" }), "QT4030");
    await refuses(driver().call("qt.ensure_user", { ...adf, client_id: "me" }), "QT4030");
  });

  it("keeps what was granted on a table when a change of type puts another in its place", async () => {
    await as("consumer", async () => {});
    await driver().query("insert into qt.setting (name, value) values ('rows_changed_at_once', '0')");
    const dataset = { id: "granted", table: "granted", keyColumns: ["id"] };
    await warehouse().configure([{ id: "d", table: "d" }, dataset]);
    await warehouse().load("granted", { header: ["id", "n"], rows: [["1", "1"]] });
    const [database] = await driver().query(
      driver().engine === "postgres" ? "select current_database() as name" : "select db_name() as name",
    );
    const user = driver().engine === "postgres" ? `"${database?.name}/consumer"` : "consumer";
    await driver().query(`grant select on data.granted to ${user}`);
    // In PostgreSQL a schema has a right of its own.
    if (driver().engine === "postgres") await driver().query(`grant usage on schema data to ${user}`);
    await warehouse().configure([
      { id: "d", table: "d" },
      { ...dataset, types: { n: { type: "int" } } },
    ]);
    for (let left = 1; left > 0; ) left = (await driver().call("qt.change_types"))[0]?.length ?? 0;
    const rows = await as("consumer", (session) => session.query("select n from data.granted"));
    assert.deepEqual(rows, [{ n: 1 }]);
    await denied("mover", (session) => session.query("select n from data.granted"));
    await denied("consumer", (session) => session.query("delete from data.granted"));
    await denied("consumer", (session) => session.call("qt.change_types"));
    await denied("mover", (session) => session.call("qt.change_types"));
  });
});
