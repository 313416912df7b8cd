import assert from "node:assert/strict";
import type { Row } from "./driver";
import { refuses, useWarehouse } from "./warehouse";

describe("qt.erase", () => {
  const warehouse = useWarehouse();
  const header = ["Policy ID", "Line", "Insured"];
  let datasets = 0;

  /** A dataset with a key of two columns, and how a load of these rows goes. */
  async function keyed(types = {}) {
    const id = `erase_${++datasets}`;
    const keyColumns = ["Policy ID", "Line"];
    await warehouse().configure(
      [{ id, table: id, keyColumns, types: { Line: { type: "int" }, ...types } }],
      "land",
    );
    return {
      id,
      keyColumns,
      load: (...rows: string[][]) => warehouse().load(id, { header, rows }),
      erase: (key: object) => call("qt.erase", id, key),
      lift: (key: object) => call("qt.lift_erasure", id, key),
    };
  }
  async function call(procedure: string, id: string, key: unknown): Promise<Row | undefined> {
    const [rows] = await warehouse().driver.call(procedure, { dataset_id: id, key: JSON.stringify(key) });
    return rows?.[0];
  }
  const nothing = { refused_values: "0", open_loads: "0", was_erased: false, tables: null };
  const a = ["P-1", "1", "Ann"];
  const b = ["P-1", "2", "Bob"];
  const key = { "Policy ID": "P-1", line: "01" };

  it("removes the row, sends one deletion, and keeps later snapshots from bringing it back", async () => {
    const { id, load, erase, lift } = await keyed();
    await load(a, b);
    const before = await warehouse().changes(id);
    assert.deepEqual(await erase(key), { ...nothing, rows_erased: "1", tables: id });
    const cursor = { epoch: String(before.header.epoch), version: 1, row: Number.MAX_SAFE_INTEGER };
    const erased = { version: 2, row: before.changes[0]?.row, deleted: true };
    const cells = { policy_id: "P-1", line: "1", insured: null };
    assert.deepEqual((await warehouse().changes(id, cursor)).changes, [{ ...erased, cells }]);

    assert.deepEqual(await erase(key), { ...nothing, rows_erased: "0", was_erased: true });
    const again = await load(["P-1", "1", "Ann B."], b);
    assert.deepEqual(again, { ...again, staged: 1, inserted: 0, updated: 0, deleted: 0, version: 3 });
    assert.deepEqual((await warehouse().changes(id, cursor)).changes, [{ ...erased, cells }]);

    assert.deepEqual(await lift({ policy_id: "P-1", Line: "1" }), { lifted: "1" });
    assert.equal((await load(a, b)).inserted, 1);
    assert.deepEqual(await warehouse().live(id), [
      { policy_id: "P-1", line: "2", insured: "Bob" },
      { policy_id: "P-1", line: "1", insured: "Ann" },
    ]);
  });

  it("blocks a key before its row lands, also in the first snapshot and if nothing else is in it", async () => {
    const { id, load, erase } = await keyed();
    assert.deepEqual(await erase(key), { ...nothing, rows_erased: "0" });
    assert.deepEqual(await erase(key), { ...nothing, rows_erased: "0", was_erased: true });
    const first = await load(a);
    assert.deepEqual(first, { ...first, status: "published", staged: 0, inserted: 0 });
    assert.equal((await load(a, b)).inserted, 1);
    assert.deepEqual(await warehouse().live(id), [{ policy_id: "P-1", line: "2", insured: "Bob" }]);
    await refuses(warehouse().load(id, { header, rows: [] }), "QT4010");
  });

  it("lets the guards count only the rows that are not erased", async () => {
    const { id, load, erase } = await keyed();
    const others = Array.from({ length: 4 }, (_, index) => ["P-2", String(index), "Cy"]);
    await load(a, b, ...others);
    await erase(key);
    await erase({ policy_id: "P-1", line: "2" });
    assert.equal((await load(a, b, ...others.slice(2))).deleted, 2);
    await refuses(load(a, b), "QT4011", /lost 2 of 2 rows/);
    assert.equal((await warehouse().live(id)).length, 2);
  });

  it("leaves cells and duplicates of an erased row out of checks, messages and refused values", async () => {
    const { id, load, erase } = await keyed({ Insured: { type: "date" } });
    await erase(key);
    await load(a, ["P-1", "2", "2024-02-29"], ["P-1", "01", "never"]);
    const twice = [a, a, ["P-1", "2", "2024-02-29"], ["P-1", "2", "2024-02-28"]];
    await refuses(load(...twice), "QT4012", /more than once: 2 times in lines 4 and 5\. An/);
    const runId = await warehouse().begin(id);
    await warehouse().driver.stage(runId, header, [a, ["P-9", "1", "secret"]]);
    const message = await warehouse()
      .publish(runId)
      .then(String, (error: Error) => error.message);
    assert.match(message, /^QT4015: .*: line 3, column "Insured" is not date\./);
    await warehouse().driver.call("qt.fail_load", { run_id: runId, error: message });
    const values = () =>
      warehouse().driver.query(`select value from qt.refused_value where run_id = '${runId}'`);
    assert.deepEqual(await values(), [{ value: "secret" }]);
    assert.deepEqual(await erase(key), {
      ...nothing,
      rows_erased: "0",
      open_loads: "1",
      refused_values: "1",
      was_erased: true,
    });
    assert.deepEqual(await values(), []);
  });

  it("applies to a load that is open, and says that there is one", async () => {
    const { id, erase } = await keyed();
    const runId = await warehouse().begin(id);
    await warehouse().driver.stage(runId, header, [a, b]);
    assert.equal(String((await erase(key))?.open_loads), "1");
    assert.equal((await warehouse().publish(runId)).inserted, 1);
  });

  it("leaves an erased row out of the counts of emptied cells", async () => {
    const { load, erase } = await keyed({ Insured: { type: "int", onError: "null" } });
    await load(["P-1", "1", "1"], ["P-1", "2", "2"]);
    await erase({ "Policy ID": "P-1", Line: "1" });
    assert.deepEqual((await load(["P-1", "1", "7"], ["P-1", "2", "2"])).emptied, null);
    assert.deepEqual((await load(["P-1", "1", "x"], ["P-1", "2", "x"])).emptied, { insured: 1 });
  });

  it("takes a key as it is in the file, in the column's format", async () => {
    const { load, erase } = await keyed({ Line: { type: "int", thousands: "." } });
    await load(["P-1", "1.234", "Ann"], ["P-1", "1234567", "Bob"]);
    assert.equal((await erase({ "Policy ID": "P-1", Line: "1.234" }))?.rows_erased, "1");
    assert.equal((await erase({ "Policy ID": "P-1", Line: "1.234.567" }))?.rows_erased, "1");
    await assert.rejects(erase({ "Policy ID": "P-1", Line: "1.23" }), /QT4038/);
  });

  it("reaches the tables that the dataset had before, and the one that it gets", async () => {
    const { id, load, erase, keyColumns } = await keyed();
    await load(a, b);
    const types = { Line: { type: "int" } };
    await warehouse().configure([{ id, table: `${id}_new`, keyColumns, types }]);
    await load(a);
    assert.deepEqual(await erase(key), { ...nothing, rows_erased: "2", tables: `${id}, ${id}_new` });
    const left = await warehouse().driver.query(
      `select insured from data.${id} where _deleted = ${bit("0")}`,
    );
    assert.deepEqual(left, [{ insured: "Bob" }]);
    await warehouse().configure([{ id, table: `${id}_newest`, keyColumns, types }]);
    assert.equal((await load(a, b)).inserted, 1);
  });

  it("passes over a table that was released before it had a row", async () => {
    const { id, erase, keyColumns } = await keyed();
    await warehouse().configure([]);
    await warehouse().driver.call("qt.release_dataset", { table_name: id });
    await refuses(erase(key), "QT4039", /no table of dataset/);
    await warehouse().configure([{ id, table: id, keyColumns, types: { Line: { type: "int" } } }]);
    assert.deepEqual(await erase(key), { ...nothing, rows_erased: "0" });
  });

  it("leaves the key in the table until the tombstone is purged, even of a table that no longer loads", async () => {
    const { id, load, erase } = await keyed();
    await load(a, b);
    await erase(key);
    await warehouse().configure([]);
    const keys = () =>
      warehouse().driver.query(`select policy_id, line, insured from data.${id} order by line`);
    const kept = { policy_id: "P-1", line: 1, insured: null };
    await warehouse().driver.call("qt.purge", { retention_days: 90 });
    assert.deepEqual(await keys(), [kept, { policy_id: "P-1", line: 2, insured: "Bob" }]);
    const postgres = warehouse().driver.engine === "postgres";
    await warehouse().driver.query(
      postgres
        ? `update qt.dataset set erased_at = erased_at - interval '91 days' where dataset_id = '${id}'`
        : `update qt.dataset set erased_at = dateadd(day, -91, erased_at) where dataset_id = '${id}'`,
    );
    await warehouse().driver.call("qt.purge", { retention_days: 90 });
    assert.deepEqual(await keys(), [{ policy_id: "P-1", line: 2, insured: "Bob" }]);
  });

  it("refuses a key that is not the dataset's, and never repeats a value", async () => {
    const { id, load, erase, lift } = await keyed();
    await load(a);
    // A key is looked at also if no key at all is erased.
    await warehouse().driver.query("delete from qt.erased_key");
    for (const wrong of [
      {},
      { policy_id: "Marker" },
      { policy_id: "Marker", line: "1", insured: "Marker" },
      { policy_id: "Marker", "Policy ID": "Marker", line: "1" },
      { policy_id: "Marker", "Policy ID": "Marker" },
      { policy_id: "Marker", line: null },
      ["Marker"],
    ]) {
      await refuses(erase(wrong), "QT4038", /The key of dataset erase_\d+ is policy_id, line\. /);
      await refuses(lift(wrong), "QT4038", /^(?!.*Marker)/);
    }
    for (const line of ["Marker", "9".repeat(40)])
      await refuses(
        erase({ policy_id: "Marker", line }),
        "QT4038",
        /convert: line is int\.(?!.*(Marker|999))/,
      );
    await refuses(call("qt.erase", "nobody", key), "QT4039", /no table of dataset nobody/);
    await warehouse().load("landed", { header, rows: [a] });
    await refuses(call("qt.erase", "landed", key), "QT4037", /Dataset landed has no key columns/);
    assert.deepEqual(await lift(key), { lifted: "0" });
    assert.equal((await warehouse().live(id)).length, 1);
  });

  const bit = (value: "0" | "1") => (warehouse().driver.engine === "postgres" ? value === "1" : value);
});

describe("the retention", () => {
  const warehouse = useWarehouse();
  const rows = [["1"]];
  const postgres = () => warehouse().driver.engine === "postgres";
  const retain = (deleted: number | null, retired: number | null) =>
    warehouse().driver.call("qt.set_retention", { deleted_rows_days: deleted, retired_tables_days: retired });
  const purge = () => warehouse().driver.call("qt.purge", { retention_days: 90 });

  it("of deleted rows is the tenant's, if it has one", async () => {
    await warehouse().configure([{ id: "kept", table: "kept", keyColumns: ["id"] }]);
    const run = async (ids: string[]) => {
      const runId = await warehouse().begin("kept");
      await warehouse().driver.stage(
        runId,
        ["id"],
        ids.map((id) => [id]),
      );
      await warehouse().publish(runId, true);
      await warehouse().driver.age(runId, 50 * 24);
    };
    const tombstones = async () =>
      (await warehouse().changes("kept")).changes.filter(({ deleted }) => deleted);
    await run(["1", "2"]);
    await run(["1"]);
    await purge();
    assert.equal((await tombstones()).length, 1);
    await retain(51, null);
    await purge();
    assert.equal((await tombstones()).length, 1);
    await retain(50, null);
    await purge();
    assert.equal((await tombstones()).length, 0);
    await run(["2"]);
    await retain(null, null);
    await purge();
    assert.equal((await tombstones()).length, 1);
    await refuses(retain(-1, null), "QT4032");
  });

  it("of retired tables is for ever, or the tenant's", async () => {
    const one = { id: "one", table: "one", keyColumns: ["id"] };
    const two = { id: "two", table: "two", keyColumns: ["id"] };
    await warehouse().configure([one, two]);
    for (const id of ["one", "two"]) await warehouse().load(id, { header: ["id"], rows });
    await warehouse().driver.call("qt.erase", { dataset_id: "one", key: '{"id":"1"}' });
    await warehouse().configure([two]);
    const age = (days: number) =>
      warehouse().driver.query(
        postgres()
          ? `update qt.dataset set retired_at = retired_at - interval '${days} days' where dataset_id = 'one'`
          : `update qt.dataset set retired_at = dateadd(day, -${days}, retired_at) where dataset_id = 'one'`,
      );
    const tables = async () =>
      (
        await warehouse().driver.query(
          "select dataset_id from qt.dataset where dataset_id in ('one', 'two', 'never_loaded') order by 1",
        )
      ).map((row) => row.dataset_id);
    await age(9);
    await purge();
    await retain(null, 10);
    await purge();
    assert.deepEqual(await tables(), ["one", "two"]);
    const since = async (id: string) =>
      (await warehouse().driver.query(`select retired_at from qt.dataset where dataset_id = '${id}'`))[0]
        ?.retired_at;
    assert.ok(await since("one"));
    await warehouse().configure([one, two]);
    assert.equal(await since("one"), null);
    await warehouse().configure([two]);
    await age(9);
    await purge();
    assert.deepEqual(await tables(), ["one", "two"], "it was active in between");
    await age(1);
    await purge();
    assert.deepEqual(await tables(), ["two"]);
    await assert.rejects(warehouse().driver.query("select * from data.one"));
    assert.equal((await warehouse().live("two")).length, 1);
    await retain(null, null);
    await warehouse().configure([one, two]);
    await warehouse().load("one", { header: ["id"], rows: [...rows, ["2"]] });
    assert.deepEqual(await warehouse().live("one"), [{ id: "2" }], "what was erased stays erased");

    await warehouse().configure([one, two], "land");
    await warehouse().load("stray", { header: ["id"], rows });
    assert.equal(await since("stray"), null);
    await warehouse().driver.call("qt.release_dataset", { table_name: "stray" });
    assert.ok(await since("stray"), "a table that is released is retired");

    const runId = await warehouse().begin("never_loaded");
    await warehouse().driver.call("qt.fail_load", { run_id: runId, error: "x" });
    await warehouse().driver.call("qt.release_dataset", { table_name: "never_loaded" });
    await retain(null, 0);
    await purge();
    assert.deepEqual(await tables(), ["one", "two"]);
  });
});
