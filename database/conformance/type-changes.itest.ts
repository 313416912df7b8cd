import assert from "node:assert/strict";
import fc from "fast-check";
import type { DatasetInput } from "../../infra/dataset-schema";
import { skip } from "../../packages/kit/testing/skip";
import { changeTypes } from "../change-types";
import type { Row } from "./driver";
import { contentOf } from "./model-dataset";
import { filled, liveContent, Reader } from "./model-reader";
import { refuses, type Snapshot, useWarehouse } from "./warehouse";

describe("a change of type beside the table", () => {
  const warehouse = useWarehouse();
  const query = (sql: string) => warehouse().driver.query(sql);

  before(() => query("insert into qt.setting (name, value) values ('rows_changed_at_once', '0')"));

  const dataset = (
    id: string,
    types: Record<string, string> = {},
    onError: "fail" | "null" = "fail",
    keyColumns = ["id"],
  ) => ({
    id,
    table: id,
    keyColumns,
    types: Object.fromEntries(Object.entries(types).map(([header, type]) => [header, { type, onError }])),
  });
  const snapshot = (values: readonly (string | null)[], header = ["id", "value"]): Snapshot => ({
    header,
    rows: values.map((value, index) => [String(index + 1), value]),
  });

  /** One call, of so few rows that a copy takes several. */
  async function step(rows = 2): Promise<Row | undefined> {
    const [result] = await warehouse().driver.call("qt.change_types", { rows });
    return result?.[0];
  }
  /** Calls until nothing is left; the states in order. */
  async function finish(rows?: number): Promise<string[]> {
    const states: string[] = [];
    for (let row = await step(rows); row !== undefined; row = await step(rows)) {
      assert.equal(row.error, null);
      states.push(String(row.state));
    }
    return states;
  }
  const typesOf = async (id: string) => {
    const columns = JSON.parse(String((await warehouse().changes(id)).header.columns)) as {
      name: string;
      type: string;
    }[];
    return Object.fromEntries(columns.map(({ name, type }) => [name, type]));
  };
  const values = async (id: string) =>
    (await warehouse().live(id)).sort((a, b) => Number(a.id) - Number(b.id)).map((row) => row.value);
  const copies = async () =>
    (
      await query(
        "select TABLE_NAME as name from INFORMATION_SCHEMA.TABLES where TABLE_NAME like 'change[_][_]%' or TABLE_NAME like 'change\\_\\_%'",
      )
    ).length;

  it("leaves the table as it is until the copy is complete, then sends what changed, once", async () => {
    const rows = snapshot(["10", "007", "", null, "5"]);
    await warehouse().configure([dataset("one")]);
    await warehouse().load("one", rows);
    const first = await warehouse().changes("one");
    const cursor = {
      epoch: String(first.header.epoch),
      version: Number(first.header.upto),
      row: Number.MAX_SAFE_INTEGER,
    };
    await warehouse().configure([dataset("one", { value: "int" })]);

    assert.deepEqual(await step(), {
      dataset_id: "one",
      state: "copying",
      columns: 1,
      copied_rows: "0",
      live_rows: "5",
      error: null,
    });
    assert.equal((await step())?.copied_rows, "2");
    assert.deepEqual(await typesOf("one"), { id: "text", value: "text" });
    assert.deepEqual(await values("one"), ["10", "007", "", null, "5"]);
    assert.equal((await warehouse().load("one", rows)).updated, 0, "a load takes the type that has landed");
    assert.deepEqual((await warehouse().changes("one", cursor)).changes, []);

    assert.deepEqual(await finish(), ["copying", "changed"]);
    assert.deepEqual(await typesOf("one"), { id: "text", value: "int" });
    assert.deepEqual(await values("one"), ["10", "7", null, null, "5"]);
    const { changes } = await warehouse().changes("one", cursor);
    assert.deepEqual(
      changes.map(({ row, cells }) => [row, cells.value]),
      [
        [2, "7"],
        [3, null],
      ],
    );
    assert.equal(new Set(changes.map(({ version }) => version)).size, 1, "as one version");
    assert.equal((await warehouse().load("one", rows)).updated, 0);
    assert.equal(await copies(), 0);
  });

  it("takes over what is loaded, deleted and purged while it is made", async () => {
    const header = ["id", "value"];
    const load = (rows: Snapshot["rows"], columns = header) =>
      warehouse().load("meanwhile", { header: columns, rows }, true);
    await warehouse().configure([dataset("meanwhile")]);
    await load([
      ["1", "1"],
      ["2", "2"],
      ["3", "3"],
      ["4", "4"],
      ["5", "5"],
      ["6", "6"],
    ]);
    await load([
      ["1", "1"],
      ["2", "2"],
      ["3", "3"],
      ["4", "4"],
      ["5", "5"],
    ]);
    await warehouse().configure([dataset("meanwhile", { value: "decimal(9,2)" })]);
    await step();
    await step(4);
    await load([
      ["1", "10"],
      ["3", "3"],
      ["5", "50"],
      ["7", "7"],
    ]);
    await step(1);
    const run = await warehouse().begin("meanwhile");
    await warehouse().driver.stage(
      run,
      [...header, "new"],
      [
        ["1", "11"],
        ["3", "3"],
        ["7", "7"],
        ["8", "8"],
      ].map((row) => [...row, "n"]),
    );
    await warehouse().publish(run, true);
    await warehouse().driver.age(run, 24);
    await warehouse().driver.call("qt.purge", { retention_days: 0 });
    assert.equal((await finish()).at(-1), "changed");
    const live = (await warehouse().live("meanwhile")).sort((a, b) => Number(a.id) - Number(b.id));
    assert.deepEqual(
      live,
      [
        ["1", "11.00"],
        ["3", "3.00"],
        ["7", "7.00"],
        ["8", "8.00"],
      ].map(([id, value]) => ({ id, value, new: "n" })),
    );
    assert.equal(
      (await warehouse().changes("meanwhile")).changes.filter(({ deleted }) => deleted).length,
      0,
      "purged in the copy too",
    );
    const rows = (await warehouse().changes("meanwhile")).changes.map(({ row }) => row);
    await load([
      ["1", "11"],
      ["9", "9"],
    ]);
    const added = (await warehouse().changes("meanwhile")).changes.find(({ cells }) => cells.id === "9");
    assert.ok(added && added.row > Math.max(...rows), "a new row gets a new number");
  });

  it("erases a row in the copy too, at once, and drops the copy with a retired table", async () => {
    await warehouse().configure([dataset("erasing")]);
    await warehouse().load("erasing", snapshot(["1", "2", "3"]));
    await warehouse().configure([dataset("erasing", { value: "int" })]);
    await step();
    await step();
    const [copy] = await query("select change_no from qt.type_change");
    const copied = async () =>
      (await query(`select value from data.change__${copy?.change_no}`)).map(({ value }) => value);
    assert.deepEqual((await copied()).sort(), [1, 2]);
    await warehouse().driver.call("qt.erase", { dataset_id: "erasing", key: JSON.stringify({ id: "2" }) });
    assert.deepEqual(await copied(), [1]);
    await warehouse().load("erasing", { header: ["id", "value"], rows: [["3", "3"]] }, true);
    assert.deepEqual(await copied(), [1]);
    await warehouse().driver.call("qt.erase", { dataset_id: "erasing", key: JSON.stringify({ id: "1" }) });
    assert.deepEqual(await copied(), [], "also of one that a load has deleted meanwhile");
    assert.equal((await finish()).at(-1), "changed");
    assert.deepEqual(await values("erasing"), ["3"]);

    await warehouse().configure([dataset("erasing")]);
    await step();
    await warehouse().configure([]);
    await query("insert into qt.setting (name, value) values ('retired_tables_days', '0')");
    await warehouse().driver.call("qt.purge");
    await query("delete from qt.setting where name = 'retired_tables_days'");
    assert.deepEqual([await copies(), await finish()], [0, []]);
  });

  it("changes several columns at once, of every type, and leaves the hashes as a load makes them", async () => {
    const header = ["id", "a", "b", "c", "d", "e", "f"];
    const rows = [
      ["1", "1", "1.5", "true", "2024-02-29", "2024-02-29T10:11:12.123", "x"],
      ["2", null, "-0.25", "false", null, "2024-02-29T00:00:00.000", ""],
      ["3", "3", null, null, "1999-12-31", null, null],
    ];
    const types = { a: "bigint", b: "float", c: "bit", d: "date", e: "datetime2" };
    const other = { a: "decimal(18,0)", b: "text", c: "text", d: "text", e: "text" };
    for (const keyColumns of [["id"], []]) {
      const id = `several_${keyColumns.length}`;
      const configure = (wanted: Record<string, string>) =>
        warehouse().configure([dataset(id, wanted, "fail", keyColumns)]);
      await configure({});
      await warehouse().load(id, { header, rows });
      const before = await warehouse().changes(id);
      // Without a key, the twin identifies a row with a datetime2 by PostgreSQL's text of it.
      const { e: _, ...keyless } = types;
      const typed = keyColumns.length > 0 ? types : keyless;
      for (const wanted of [typed, other, typed, {}]) {
        await configure(wanted);
        await finish(1);
        assert.deepEqual(await typesOf(id), {
          ...Object.fromEntries(header.map((name) => [name, "text"])),
          ...wanted,
        });
        assert.deepEqual(
          (await warehouse().changes(id)).changes,
          before.changes,
          "the same texts: the same rows, and no new version",
        );
        const { inserted, updated, deleted } = await warehouse().load(id, { header, rows });
        assert.deepEqual([inserted, updated, deleted], [0, 0, 0]);
      }
    }
  });

  it("refuses values that do not convert, names a row and no value, and leaves the table", async () => {
    const rows = snapshot(["1", "2", "secret", "4", "secret"]);
    await warehouse().configure([dataset("refused")]);
    await warehouse().load("refused", rows);
    await warehouse().configure([dataset("refused", { value: "int" })]);
    assert.deepEqual([(await step())?.state, (await step())?.state], ["copying", "copying"]);
    const refused = await step();
    assert.equal(refused?.state, "refused");
    assert.match(
      String(refused?.error),
      /^QT4024: Column "value" of dataset refused cannot become int: at least 1 of its rows holds something else, the first with _row_id 3\./,
    );
    assert.doesNotMatch(String(refused?.error), /secret/);
    assert.deepEqual([await typesOf("refused"), await copies()], [{ id: "text", value: "text" }, 0]);
    assert.equal((await warehouse().load("refused", rows)).updated, 0);
    await warehouse().configure([dataset("refused", { value: "int" }, "null")]);
    assert.equal((await finish()).at(-1), "changed");
    assert.deepEqual(await values("refused"), ["1", "2", null, "4", null]);
  });

  it("loads with the type and the onError that have landed until the change is made", async () => {
    await warehouse().configure([dataset("until", { value: "int" }, "null")]);
    await warehouse().load("until", snapshot(["1", "x"]));
    await warehouse().configure([dataset("until", { value: "bigint" })]);
    await warehouse().load("until", snapshot(["3", "x"]));
    assert.deepEqual(await values("until"), ["3", null]);
    assert.equal((await finish()).at(-1), "changed");
    await refuses(warehouse().load("until", snapshot(["3", "x"])), "QT4015");
    assert.equal((await warehouse().load("until", snapshot(["3000000000", null]))).updated, 1);
  });

  it("starts again if another type is wanted meanwhile, and drops the copy if none is", async () => {
    await warehouse().configure([dataset("again")]);
    await warehouse().load("again", snapshot(["1", "2", "3"]));
    await warehouse().configure([dataset("again", { value: "int" })]);
    await step();
    await step();
    await warehouse().configure([dataset("again", { value: "float" })]);
    assert.deepEqual(await finish(), ["dropped", "copying", "copying", "changed"]);
    assert.equal((await typesOf("again")).value, "float");
    await warehouse().configure([dataset("again")]);
    await step();
    await warehouse().configure([dataset("again", { value: "float" })]);
    assert.deepEqual(await finish(), ["dropped"]);
    await warehouse().configure([dataset("again")]);
    await step();
    await warehouse().configure([]);
    assert.deepEqual(await finish(), ["dropped"], "also of a dataset that is retired");
    assert.equal(await copies(), 0);
  });

  it("is made at once if the table has become small", async () => {
    await warehouse().configure([dataset("small")]);
    await warehouse().load("small", snapshot(["1", "2"]));
    await warehouse().configure([dataset("small", { value: "int" })]);
    await step(1);
    await query("update qt.setting set value = '2' where name = 'rows_changed_at_once'");
    await warehouse().configure([dataset("small", { value: "int" })]);
    await query("update qt.setting set value = '0' where name = 'rows_changed_at_once'");
    assert.deepEqual([(await typesOf("small")).value, await copies()], ["int", 0]);
    assert.deepEqual(await finish(), []);
  });

  it("starts again after more loads than there are versions left out for them", async () => {
    await warehouse().configure([dataset("many")]);
    await warehouse().load("many", snapshot(["01", "2"]));
    await warehouse().configure([dataset("many", { value: "int" })]);
    await step();
    await query("update qt.type_change set version = begun_version + 1");
    await warehouse().load("many", snapshot(["01", "3"]));
    assert.deepEqual(await finish(), ["dropped", "copying", "copying", "changed"]);
    assert.deepEqual(await values("many"), ["1", "3"]);
  });

  it("refuses to take the place of a table whose rows were changed by hand", async () => {
    await warehouse().configure([dataset("hand")]);
    await warehouse().load("hand", snapshot(["1", "2", "3"]));
    await warehouse().configure([dataset("hand", { value: "int" })]);
    await query("delete from data.hand where id = '3'");
    await step();
    assert.equal((await step())?.state, "copying");
    assert.match(String((await step())?.error), /^QT4033: .* dataset hand .* rows were changed by hand/);
    assert.deepEqual([(await typesOf("hand")).value, await copies()], ["text", 0]);
    await warehouse().configure([]);
  });

  it("continues where a runner was stopped, between any two calls", async () => {
    const rows = snapshot(["01", "2", "3", "04", "5"]);
    let copied: number[] = [];
    /** A runner that is stopped after its first call; false if there was nothing left to do. */
    const isStopped = async () => {
      const call = async (procedure: string) => {
        const [result = []] = await warehouse().driver.call(procedure, { rows: 2 });
        copied.push(...result.map((row) => Number(row.copied_rows)));
        call_ = () => Promise.reject(new Error("stopped"));
        return result;
      };
      let call_ = call;
      return changeTypes({ call: (procedure) => call_(procedure) }, { log: () => {} }).then(
        () => false,
        () => true,
      );
    };
    await warehouse().configure([dataset("stopped")]);
    await warehouse().load("stopped", rows);
    for (const type of ["int", "text", "float", "text"]) {
      copied = [];
      await warehouse().configure([dataset("stopped", { value: type })]);
      while (await isStopped());
      assert.deepEqual(copied, [0, 2, 4, 5], "each row is copied once");
      assert.equal((await typesOf("stopped")).value, type);
      assert.equal((await warehouse().load("stopped", rows)).updated, type === "text" ? 2 : 0);
    }
  });

  it("waits for a load and for readers no longer than others should wait for it", async function () {
    const { races } = warehouse().driver.lacks;
    if (races !== undefined) skip(this, races);
    await warehouse().configure([dataset("busy")]);
    await warehouse().load("busy", snapshot(["1", "2"]));
    await warehouse().configure([dataset("busy", { value: "int" })]);
    assert.equal((await step(10))?.state, "copying");
    const other = await warehouse().another();
    const run = await warehouse().begin("busy");
    await warehouse().driver.stage(run, ["id", "value"], [["1", "1"]]);
    await other.session.begin();
    await other.publish(run);
    assert.equal((await step(1))?.state, "waiting");
    await other.session.commit();
    if (warehouse().driver.engine === "postgres") {
      // PostgreSQL keeps a reader's lock to the end of its transaction.
      await other.session.begin();
      await other.changes("busy");
      assert.equal((await step(10))?.state, "waiting");
      assert.deepEqual(await values("busy"), ["1"], "other readers do not wait any more");
      await other.session.commit();
    }
    assert.deepEqual(await finish(10), ["changed"]);
    assert.deepEqual(await values("busy"), ["1"]);
    await other.session.close();
  });

  it("supports two runners at once", async function () {
    const { races } = warehouse().driver.lacks;
    if (races !== undefined) skip(this, races);
    for (const id of ["two_a", "two_b"]) {
      await warehouse().configure(["two_a", "two_b"].map((each) => dataset(each)));
      await warehouse().load(id, snapshot(["1", "02", "3", "04"]));
    }
    await warehouse().configure(["two_a", "two_b"].map((each) => dataset(each, { value: "int" })));
    const sessions = [await warehouse().another(), await warehouse().another()];
    await Promise.all(
      sessions.map(({ session }) => {
        const call = async (procedure: string) => (await session.call(procedure, { rows: 1 }))[0] ?? [];
        return changeTypes({ call }, { log: () => {} });
      }),
    );
    for (const id of ["two_a", "two_b"]) assert.deepEqual(await values(id), ["1", "2", "3", "4"]);
    await Promise.all(sessions.map(({ session }) => session.close()));
  });

  it("leads every reader to the table, whatever happens between two calls", async () => {
    const cell = fc.constantFrom(null, "", "1", "01", "2", "2.0", "x");
    const rows = fc.uniqueArray(fc.tuple(fc.constantFrom(..."12345678"), cell), {
      minLength: 1,
      maxLength: 8,
      selector: ([id]) => id,
    });
    const event = fc.oneof(
      {
        weight: 5,
        arbitrary: fc.record({ kind: fc.constant("step" as const), rows: fc.integer({ min: 1, max: 5 }) }),
      },
      { weight: 3, arbitrary: fc.record({ kind: fc.constant("load" as const), rows }) },
      {
        weight: 3,
        arbitrary: fc.record({
          kind: fc.constant("read" as const),
          reader: fc.nat(2),
          limit: fc.integer({ min: 1, max: 4 }),
        }),
      },
      {
        weight: 1,
        arbitrary: fc.record({
          kind: fc.constant("configure" as const),
          type: fc.constantFrom("text", "int", "float"),
        }),
      },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant("purge" as const) }) },
    );
    let number = 0;
    const history = fc.record({
      keyed: fc.boolean(),
      first: rows,
      events: fc.array(event, { minLength: 5, maxLength: 25 }),
    });
    await fc.assert(
      fc.asyncProperty(history, async ({ keyed, first, events }) => {
        const id = `random_${++number}`;
        const configure = (type: string) =>
          warehouse().configure([dataset(id, { value: type }, "null", keyed ? ["id"] : [])]);
        const load = (snapshot: typeof first) =>
          warehouse().load(id, { header: ["id", "value"], rows: snapshot }, true);
        const readers = [new Reader(), new Reader(), new Reader()];
        let before = new Map<number, { version: number; text: string }>();
        await configure("text");
        await load(first);
        for (const one of [
          ...events,
          { kind: "configure", type: "int" } as const,
          { kind: "finish" } as const,
        ]) {
          if (one.kind === "step") await step(one.rows);
          else if (one.kind === "load") await load(one.rows);
          else if (one.kind === "read") await readers[one.reader]?.read(warehouse(), id, one.limit);
          else if (one.kind === "configure") await configure(one.type);
          else if (one.kind === "purge") await warehouse().driver.call("qt.purge", { retention_days: 0 });
          else await finish(3);
          const { changes } = await warehouse().changes(id);
          const after = new Map(
            changes.map((row) => [
              row.row,
              { version: row.version, text: `${row.deleted} ${contentOf(filled(row))}` },
            ]),
          );
          for (const [row, { version, text }] of after) {
            const known = before.get(row);
            if (known?.text === text)
              assert.equal(version, known.version, "a row that did not change is not sent again");
            else if (known !== undefined) assert.ok(version > known.version, "a row that changed is");
          }
          before = after;
        }
        const live = liveContent((await warehouse().changes(id)).changes);
        for (const reader of readers) {
          while (!(await reader.isAtEnd(warehouse(), id, 3)));
          assert.deepEqual(reader.live(), live);
        }
      }),
      { numRuns: Number(process.env.QT_HISTORIES ?? 25), endOnFailure: true },
    );
  });

  it("refuses another type for a key, and no rows a call", async () => {
    await warehouse().configure([dataset("keyed")]);
    await warehouse().load("keyed", snapshot(["1"]));
    await refuses(warehouse().configure([dataset("keyed", { id: "int" })]), "QT4021");
    await refuses(warehouse().driver.call("qt.change_types", { rows: 0 }), "QT4032");
  });

  it("reads landed text in the declared format, and a snapshot in the format of what has landed", async () => {
    const written = (types: DatasetInput["types"]) => ({
      id: "written",
      table: "written",
      keyColumns: ["id"],
      types: types ?? {},
    });
    const texts = ["29/02/2024", "01/12/0001", null];
    const days = ["2024-02-29", "0001-12-01", null];
    await warehouse().configure([written({})]);
    await warehouse().load("written", snapshot(texts));
    await warehouse().configure([written({ value: { type: "date", format: "dd/MM/yyyy" } })]);
    await warehouse().load("written", snapshot(texts));
    assert.deepEqual(await values("written"), texts, "text until the change");
    await finish();
    assert.deepEqual(await values("written"), days);
    assert.equal((await warehouse().load("written", snapshot(texts))).updated, 0);
    await warehouse().configure([written({ value: { type: "datetime2", format: "dd.MM.yyyy" } })]);
    assert.equal(
      (await warehouse().load("written", snapshot(texts))).updated,
      0,
      "a date in its format until the change",
    );
    await finish();
    await refuses(warehouse().load("written", snapshot(texts)), "QT4015");
    const { updated } = await warehouse().load("written", snapshot(["29.02.2024", "01.12.0001", null]));
    assert.equal(updated, 0);
  });
});
