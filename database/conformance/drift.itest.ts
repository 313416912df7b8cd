import assert from "node:assert/strict";
import { refuses, useWarehouse } from "./warehouse";

describe("schema drift", () => {
  const warehouse = useWarehouse();

  before(() =>
    warehouse().configure([
      { id: "drifting", table: "drifting", keyColumns: ["id"] },
      { id: "names", table: "names" },
    ]),
  );

  it("adds a column and sends only the rows that carry a value in it", async () => {
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

  it("sets a vanished column to NULL in the rows that carried a value, and keeps the column", async () => {
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

  it("takes a header's other spelling for the same column", async () => {
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

  it("adds no column when the publish that brings it fails", async () => {
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

  it("names columns as Fivetran does, and numbers those of which nothing is left", async () => {
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

  it("keeps the number of a nameless column when columns move", async () => {
    const moved = await warehouse().load("names", { header: ["%%", "日本"], rows: [["%%", "日本"]] }, true);
    assert.equal(moved.inserted, 1);
    const [row] = await warehouse().live("names");
    assert.deepEqual([row?.column_1, row?.column_2], ["日本", "%%"]);
  });

  it("refuses headers that collide, naming both, and reserved names", async () => {
    await refuses(
      warehouse().load("names", { header: ["Policy ID", "policy_id"], rows: [["1", "2"]] }),
      "QT4016",
      /"Policy ID" and "policy_id"/,
    );
    await refuses(warehouse().load("names", { header: ["_row_id"], rows: [["1"]] }), "QT4017", /"_row_id"/);
    await refuses(warehouse().load("names", { header: ["_Fivetran Synced"], rows: [["1"]] }), "QT4017");
    // The function keys a dataset without a key by it.
    await refuses(warehouse().load("names", { header: ["qt_row_id"], rows: [["1"]] }), "QT4017");
  });

  it("lands as many columns as a table of SQL Server holds, and refuses one more", async () => {
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

  it("lands a wide table of typed columns, with a key and without", async () => {
    const names = Array.from({ length: 900 }, (_, index) => `c${index}`);
    const types = Object.fromEntries(names.slice(1).map((name) => [name, { type: "int" }]));
    await warehouse().configure([
      { id: "typed", table: "typed_wide", keyColumns: ["c0"], types },
      { id: "untold", table: "untold_wide", types },
    ]);
    const row = names.map((_, index) => (index < 2 ? String(index) : null));
    for (const id of ["typed", "untold"]) {
      assert.equal((await warehouse().load(id, { header: names, rows: [row] })).inserted, 1);
      assert.equal((await warehouse().load(id, { header: names, rows: [row] })).updated, 0);
    }
  });

  it("lands 400 columns", async () => {
    await warehouse().configure([{ id: "wide", table: "wide", keyColumns: ["c0"] }]);
    const header = Array.from({ length: 400 }, (_, index) => `c${index}`);
    const rows = Array.from({ length: 5 }, (_, row) => header.map((name) => `${name}/${row}`));
    assert.equal((await warehouse().load("wide", { header, rows })).inserted, 5);
    assert.equal((await warehouse().load("wide", { header, rows })).updated, 0);
  });
});
