import assert from "node:assert/strict";
import { skip } from "../../packages/kit/testing/skip";
import { columnsThatFit } from "../sizes/row-size";
import { refuses, useWarehouse } from "./warehouse";

describe("schema drift", () => {
  const warehouse = useWarehouse();

  before(() =>
    warehouse().configure([
      { id: "drifting", table: "drifting", keyColumns: ["id"] },
      { id: "names", table: "names" },
    ]),
  );

  it("adds a column and sends only the rows with a value in it", async () => {
    await warehouse().load("drifting", {
      header: ["id", "a"],
      rows: [
        ["1", "x"],
        ["2", "y"],
        ["3", "z"],
      ],
    });
    const added = await warehouse().load("drifting", {
      header: ["id", "New Column", "a"],
      rows: [
        ["1", null, "x"],
        ["2", "n", "y"],
        ["3", null, "z"],
      ],
    });
    assert.deepEqual([added.inserted, added.updated, added.deleted], [0, 1, 0]);
    const page = await warehouse().changes("drifting");
    assert.equal(
      page.header.columns,
      '[{"name":"id","type":"text"},{"name":"a","type":"text"},{"name":"new_column","type":"text"}]',
    );
    assert.deepEqual(page.changes.at(-1)?.cells, { id: "2", a: "y", new_column: "n" });
  });

  it("sets a vanished column to NULL in the rows that had a value, and keeps the column", async () => {
    const vanished = await warehouse().load("drifting", {
      header: ["id", "a"],
      rows: [
        ["1", "x"],
        ["2", "y"],
        ["3", "z"],
      ],
    });
    assert.deepEqual([vanished.inserted, vanished.updated, vanished.deleted], [0, 1, 0]);
    assert.deepEqual(
      (await warehouse().live("drifting")).find((row) => row.id === "2"),
      { id: "2", a: "y", new_column: null },
    );
  });

  it("maps another spelling of a header to the same column", async () => {
    const respelt = await warehouse().load("drifting", {
      header: ["ID", " A "],
      rows: [
        ["1", "x"],
        ["2", "y"],
        ["3", "z"],
      ],
    });
    assert.deepEqual([respelt.inserted, respelt.updated], [0, 3], "' A ' is the column _a_");
    const back = await warehouse().load("drifting", {
      header: ["ID", "A"],
      rows: [
        ["1", "x"],
        ["2", "y"],
        ["3", "z"],
      ],
    });
    assert.deepEqual([back.inserted, back.updated], [0, 3]);
  });

  it("adds no column if the publish with that column fails", async () => {
    const before = await warehouse().changes("drifting");
    await refuses(
      warehouse().load("drifting", {
        header: ["id", "a", "failed"],
        rows: [
          ["1", "x", "f"],
          ["1", "y", "f"],
        ],
      }),
      "QT4012",
    );
    assert.deepEqual(await warehouse().changes("drifting"), before);
    const added = await warehouse().load("drifting", {
      header: ["id", "a", "failed"],
      rows: [
        ["1", "x", "f"],
        ["2", "y", null],
        ["3", "z", null],
      ],
    });
    assert.equal(added.updated, 1);
  });

  it("names columns as Fivetran does, and numbers those whose name would be empty", async () => {
    const header = [
      "PolicyID",
      "Prämie (€)",
      "2024 Größe",
      "日本",
      "%%",
      "first  Name",
      "Łódź_Čech",
      "HTTPServer",
      "x".repeat(80),
    ];
    await warehouse().load("names", { header, rows: [header] });
    const [row] = await warehouse().live("names");
    assert.deepEqual(Object.keys(row ?? {}), [
      "policy_id",
      "pramie_",
      "_2024_grosse",
      "column_1",
      "column_2",
      "first_name",
      "lodz_cech",
      "httpserver",
      "x".repeat(60),
    ]);
    assert.deepEqual(Object.values(row ?? {}), header);
  });

  it("keeps the number of a nameless column if columns move", async () => {
    const moved = await warehouse().load("names", { header: ["%%", "日本"], rows: [["%%", "日本"]] }, true);
    assert.equal(moved.inserted, 1);
    const [row] = await warehouse().live("names");
    assert.deepEqual([row?.column_1, row?.column_2], ["日本", "%%"]);
  });

  it("refuses headers that collide, and names both, and refuses reserved names", async () => {
    await refuses(
      warehouse().load("names", { header: ["Policy ID", "policy_id"], rows: [["1", "2"]] }),
      "QT4016",
      /"Policy ID" and "policy_id"/,
    );
    await refuses(warehouse().load("names", { header: ["_row_id"], rows: [["1"]] }), "QT4017", /"_row_id"/);
    await refuses(warehouse().load("names", { header: ["_Fivetran Synced"], rows: [["1"]] }), "QT4017");
    // The function uses this name as the key of a keyless dataset.
    await refuses(warehouse().load("names", { header: ["qt_row_id"], rows: [["1"]] }), "QT4017");
  });

  it("lands headers that resemble our own names, also in later loads", async () => {
    const header = ["% Change", "__line", "cell_1", "line", "Version", "__new", "_none"];
    await warehouse().configure([{ id: "alike", table: "alike", keyColumns: ["line"] }]);
    for (const value of ["x", "y", "y"]) {
      await warehouse().load("alike", {
        header,
        rows: [header.map((name) => (name === "line" ? "1" : value))],
      });
    }
    const [row] = await warehouse().live("alike");
    assert.deepEqual(Object.keys(row ?? {}), [
      "_change",
      "_line",
      "cell_1",
      "line",
      "version",
      "_new",
      "_none",
    ]);
    assert.equal(row?._change, "y");
    for (const own of ["% Row ID", "_K8", "% Key Hash", "% Row Hash", "% Version", "% Deleted"]) {
      await refuses(warehouse().load("alike", { header: ["line", own], rows: [["1", "z"]] }), "QT4017");
    }
  });

  it("keeps a column that a failed publish left behind, and uses it in the next try", async () => {
    const types = { amount: { type: "decimal(18,4)" }, day: { type: "datetime2" }, rate: { type: "float" } };
    const columns = ["amount", "note", "day", "rate"];
    const guards = { maxColumnChangePercent: 100 };
    await warehouse().configure([{ id: "retried", table: "retried", keyColumns: ["id"], types, guards }]);
    await warehouse().load("retried", { header: ["id"], rows: [["1"]] });
    const header = ["id", ...columns];
    for (const _ of [1, 2, 3]) {
      const rows = [["1", "1.5", "n", "2024-02-29", "much"]];
      await refuses(warehouse().load("retried", { header, rows }), "QT4015");
    }
    await warehouse().load("retried", { header, rows: [["1", "1.5", "n", "2024-02-29", "2.5"]] });
    const [kept] = await warehouse().driver.query(
      warehouse().driver.engine === "postgres"
        ? `select max(ordinal_position) as last, count(*) as number from information_schema.columns
           where table_schema = 'data' and table_name = 'retried'`
        : `select max(column_id) as last, count(*) as number from sys.columns where object_id = object_id('data.retried')`,
    );
    assert.equal(Number(kept?.last), Number(kept?.number), "no column was dropped");
    assert.deepEqual(await warehouse().live("retried"), [
      { id: "1", amount: "1.5000", note: "n", day: "2024-02-29T00:00:00.000", rate: "2.5" },
    ]);
    await refuses(
      warehouse().load("retried", { header: [...header, "late"], rows: [["1", "x", "n", null, "2.5", "z"]] }),
      "QT4015",
    );
    await warehouse().configure([
      { id: "retried", table: "retried", keyColumns: ["id"], types: { ...types, late: { type: "int" } } },
    ]);
    await warehouse().load("retried", {
      header: [...header, "late"],
      rows: [["1", "1.5", "n", null, "2.5", "7"]],
    });
    assert.equal(
      (await warehouse().live("retried"))[0]?.late,
      "7",
      "except a column whose type was declared in between",
    );
  });

  it("lands as many columns as a SQL Server table can hold, and refuses one more", async () => {
    await warehouse().configure([{ id: "full", table: "full", keyColumns: ["id"] }]);
    const wide = (columns: number) => [
      "id",
      ...Array.from({ length: columns - 1 }, (_, index) => `c${index}`),
    ];
    const row = (columns: number) => ["1", ...new Array<null>(columns - 1).fill(null)];
    assert.equal((await warehouse().load("full", { header: wide(1017), rows: [row(1017)] })).inserted, 1);
    await refuses(
      warehouse().load("full", { header: ["id", "more"], rows: [["1", "x"]] }),
      "QT4018",
      /1018 columns/,
    );
  });

  describe("rows as large as SQL Server allows", () => {
    const own = ["bigint", "bigint", "binary(32)", "binary(32)", "bigint", "bit"];
    const open = { maxColumnChangePercent: 100 };
    const names = (count: number) => Array.from({ length: count }, (_, index) => `c${index}`);
    const load = (dataset: string, header: string[], row: (string | null)[]) =>
      warehouse().load(dataset, { header, rows: [row] }, true);

    for (const { text, characters } of [
      { text: "abcdefghijkl", characters: 12 },
      { text: "abc", characters: 3 },
      { text: "\u{1F600}\u{1F600}", characters: 4 },
      { text: "long".repeat(50), characters: 200 },
    ]) {
      it(`lands as many columns of ${text.slice(0, 12)} as fit, and refuses one more`, async function () {
        const { width } = warehouse().driver.lacks;
        if (width !== undefined && characters !== 12) skip(this, width);
        const dataset = `filled_${characters}`;
        await warehouse().configure([{ id: dataset, table: dataset, keyColumns: ["c0"] }]);
        const fit = columnsThatFit(own, "nvarchar(max)", characters, 1017);
        const filled = (count: number) => new Array<string>(count).fill(text);
        await refuses(
          load(dataset, names(fit + 1), filled(fit + 1)),
          "QT4047",
          new RegExp(`Leave out at least 1 .* such as "c${fit}", "c${fit - 1}"`),
        );
        assert.equal((await load(dataset, names(fit), filled(fit))).inserted, 1);
        assert.equal((await load(dataset, names(fit), filled(fit).fill("x", 1))).updated, 1);
      });
    }

    it("lands more columns if a row does not fill them all, and counts those that vanished", async () => {
      await warehouse().configure([{ id: "sparse", table: "sparse", keyColumns: ["c0"], guards: open }]);
      const filled = (count: number, columns: number): (string | null)[] =>
        names(columns).map((_, index) => (index < count ? "abcdefghijkl" : null));
      assert.equal((await load("sparse", names(600), filled(300, 600))).inserted, 1);
      await refuses(load("sparse", names(600), filled(304, 600)), "QT4047");
      // The last column's place in the row counts, whatever is NULL before it.
      const late = filled(280, 600).with(599, "x");
      await refuses(load("sparse", names(600), late), "QT4047");
      const header = [...names(280), "late"];
      await refuses(load("sparse", header, [...filled(280, 280), "x"]), "QT4047");
    });

    it("refuses declared types that leave no room, before any column is added", async function () {
      const { width } = warehouse().driver.lacks;
      if (width !== undefined) skip(this, width);
      const fit = columnsThatFit(own, "decimal(38,9)", 0, 1017);
      const types = Object.fromEntries(names(fit + 1).map((name) => [name, { type: "decimal(38,9)" }]));
      await warehouse().configure([{ id: "typed", table: "typed", keyColumns: ["c0"], types }]);
      const ones = new Array<string>(fit + 1).fill("1");
      await refuses(load("typed", names(fit + 1), ones), "QT4047", /declared types .* 80\d\d bytes/);
      const landed = await warehouse().driver.query(
        "select count(*) as columns from information_schema.columns where table_schema = 'data' and table_name = 'typed' and column_name like 'c%'",
      );
      assert.equal(Number(landed[0]?.columns), 0);
      assert.equal((await load("typed", names(fit), ones.slice(1))).inserted, 1);
    });

    it("lands the columns that are left if some are excluded", async () => {
      const columns = names(306);
      const exclude = columns.slice(300);
      await warehouse().configure([{ id: "cut", table: "cut", keyColumns: ["c0"], exclude }]);
      assert.equal((await load("cut", columns, new Array<string>(306).fill("abcdefghijkl"))).inserted, 1);
    });
  });

  async function landsTyped(columns: number): Promise<void> {
    const names = Array.from({ length: columns }, (_, index) => `c${index}`);
    const types = Object.fromEntries(names.slice(1).map((name) => [name, { type: "datetime2" }]));
    const [keyed, keyless] = [`keyed_${columns}`, `keyless_${columns}`];
    await warehouse().configure([
      { id: keyed, table: keyed, keyColumns: ["c0"], types },
      { id: keyless, table: keyless, types },
    ]);
    const row = (day: string) => names.map((_, index) => (index === 0 ? "1" : index === 1 ? day : null));
    for (const id of [keyed, keyless]) {
      const load = (day: string) => warehouse().load(id, { header: names, rows: [row(day)] });
      assert.equal((await load("2024-02-29")).inserted, 1);
      assert.equal((await load("2024-02-29 00:00")).updated, 0);
      await refuses(load("2024-02-30"), "QT4015", /column "c1" is not datetime2/);
    }
  }

  it("lands a table with many typed columns, with and without a key", () => landsTyped(150));

  it("lands the widest possible table of typed columns, with and without a key", async function () {
    const { width } = warehouse().driver.lacks;
    if (width !== undefined) skip(this, width);
    await landsTyped(1017);
  });

  it("lands 400 columns", async () => {
    await warehouse().configure([{ id: "wide", table: "wide", keyColumns: ["c0"] }]);
    const header = Array.from({ length: 400 }, (_, index) => `c${index}`);
    const rows = Array.from({ length: 5 }, (_, row) => header.map((name) => `${name}/${row}`));
    assert.equal((await warehouse().load("wide", { header, rows })).inserted, 5);
    assert.equal((await warehouse().load("wide", { header, rows })).updated, 0);
  });
});
