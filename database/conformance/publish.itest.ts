import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import { refuses, useWarehouse } from "./warehouse";

const header = ["Policy ID", "Insured", "Premium"];

const allDatasets = [
  { id: "keyed", table: "policies", keyColumns: ["Policy ID"] },
  { id: "keyless", table: "claims" },
  { id: "guarded", table: "guarded", keyColumns: ["Policy ID"], guards: { maxShrinkPercent: 10 } },
  { id: "nothing", table: "nothing", keyColumns: ["Policy ID"], guards: { allowEmpty: true } },
  { id: "may-be-empty", table: "may_be_empty", keyColumns: ["Policy ID"], guards: { allowEmpty: true } },
  { id: "pair", table: "pair", keyColumns: ["a", "b"] },
  { id: "full", table: "full_rows", keyColumns: ["Policy ID"] },
  { id: "full-keyless", table: "full_keyless_rows" },
  { id: "columns", table: "columns" },
  {
    id: "keyed-columns",
    table: "keyed_columns",
    keyColumns: ["Policy ID"],
    guards: { maxColumnChangePercent: 20 },
  },
  { id: "other-format", table: "other_format", keyColumns: ["Policy ID"] },
];

describe("qt.publish", () => {
  const warehouse = useWarehouse();

  before(async () => {
    await warehouse().configure(allDatasets);
  });

  it("writes exactly the difference of a keyed dataset, with a new version for each publish", async () => {
    const first = await warehouse().load("keyed", {
      header,
      rows: [
        ["1", "Ann", "10"],
        ["2", "Bob", null],
        ["3", "Cy", ""],
      ],
    });
    assert.deepEqual(first, {
      status: "published",
      version: 1,
      staged: 3,
      inserted: 3,
      updated: 0,
      deleted: 0,
      emptied: null,
    });
    const second = await warehouse().load("keyed", {
      header,
      rows: [
        ["4", "Di", "1"],
        ["2", "Bob", ""],
        ["1", "Ann", "10"],
      ],
    });
    assert.deepEqual(second, {
      status: "published",
      version: 2,
      staged: 3,
      inserted: 1,
      updated: 1,
      deleted: 1,
      emptied: null,
    });
    const { changes } = await warehouse().changes("keyed", { version: 1, row: 3 });
    assert.deepEqual(
      changes.map(({ version, deleted, cells }) => [version, deleted, cells.policy_id, cells.premium]).sort(),
      [
        [2, false, "2", ""],
        [2, false, "4", "1"],
        [2, true, "3", null],
      ],
    );
  });

  it("gives no row a new version if only the order of the snapshot differs", async () => {
    const same = await warehouse().load("keyed", {
      header: ["Premium", "Policy ID", "Insured"],
      rows: [
        ["", "2", "Bob"],
        ["10", "1", "Ann"],
        ["1", "4", "Di"],
      ],
    });
    assert.deepEqual([same.version, same.inserted, same.updated, same.deleted], [3, 0, 0, 0]);
    assert.deepEqual((await warehouse().changes("keyed", { version: 2, row: 1000 })).changes, []);
  });

  it("restores the row of a key that returns", async () => {
    const before = await warehouse().changes("keyed");
    const gone = before.changes.find((change) => change.cells.policy_id === "3");
    const back = await warehouse().load("keyed", {
      header,
      rows: [
        ["1", "Ann", "10"],
        ["2", "Bob", ""],
        ["3", "Cy", "7"],
        ["4", "Di", "1"],
      ],
    });
    assert.deepEqual([back.inserted, back.updated, back.deleted], [1, 0, 0]);
    const after = await warehouse().changes("keyed");
    const revived = after.changes.find((change) => change.cells.policy_id === "3");
    assert.equal(revived?.row, gone?.row);
    assert.deepEqual(
      [revived?.deleted, revived?.cells.premium, revived?.version],
      [false, "7", back.version],
    );
  });

  it("keeps a deleted row's key and empties its other cells", async () => {
    await warehouse().load("keyed", {
      header,
      rows: [
        ["1", "Ann", "10"],
        ["2", "Bob", ""],
        ["3", "Cy", "7"],
      ],
    });
    const { changes } = await warehouse().changes("keyed");
    const gone = changes.find((change) => change.cells.policy_id === "4");
    assert.deepEqual([gone?.deleted, gone?.cells], [true, { policy_id: "4", insured: null, premium: null }]);
    const [stored] = await warehouse().driver.query(
      "select count(*) as n from data.policies where policy_id = '4' and (insured is not null or premium is not null)",
    );
    assert.equal(Number(stored?.n), 0);
  });

  it("has a migration that empties rows which were deleted before", async () => {
    const row = ["1", "Ann", "10"];
    const kept = ["2", "Bob", "20"];
    for (const id of ["full", "full-keyless"]) {
      await warehouse().load(id, { header, rows: [row, kept] });
      await warehouse().load(id, { header, rows: [kept] });
    }
    const state = async () => [await warehouse().changes("full"), await warehouse().changes("full-keyless")];
    const emptied = await state();
    const filled = "policy_id = '1', insured = 'Ann', premium = '10'";
    for (const table of ["full_rows", "full_keyless_rows"])
      await warehouse().driver.query(`update data.${table} set ${filled} where _deleted = '1'`);
    assert.notDeepEqual(await state(), emptied);
    const folder = warehouse().driver.engine === "postgres" ? "postgres" : "tsql";
    const file = path.join(__dirname, `../${folder}/migrations/0007-empty-tombstones.sql`);
    await warehouse().driver.query(readFileSync(file, "utf8"));
    assert.deepEqual(await state(), emptied);
  });

  it("counts equal rows of a keyless dataset", async () => {
    const rows = [
      ["1", "x", null],
      ["1", "x", null],
      ["1", "x", null],
      ["2", "y", "z"],
    ];
    const first = await warehouse().load("keyless", { header, rows });
    assert.deepEqual([first.inserted, first.updated, first.deleted], [4, 0, 0]);
    const fewer = await warehouse().load("keyless", {
      header,
      rows: [rows[0] ?? [], rows[3] ?? [], rows[1] ?? []],
    });
    assert.deepEqual([fewer.inserted, fewer.updated, fewer.deleted], [0, 0, 1]);
    const same = await warehouse().load("keyless", {
      header,
      rows: [rows[0] ?? [], rows[3] ?? [], rows[1] ?? []],
    });
    assert.deepEqual([same.inserted, same.updated, same.deleted], [0, 0, 0]);
    const more = await warehouse().load("keyless", { header, rows: [...rows, rows[3] ?? []] });
    assert.deepEqual([more.inserted, more.updated, more.deleted], [2, 0, 0]);
    assert.equal((await warehouse().live("keyless")).length, 5);
  });

  it("distinguishes NULL from empty text, trailing spaces, and upper from lower case", async () => {
    const keys = ["k", "K", "k ", "", "é", "e\u0301"];
    const result = await warehouse().load("pair", {
      header: ["a", "b", "c"],
      rows: keys.map((key) => [key, "x", null]),
    });
    assert.equal(result.inserted, keys.length);
    const empty = await warehouse().load("pair", {
      header: ["a", "b", "c"],
      rows: keys.map((key) => [key, "x", ""]),
    });
    assert.equal(empty.updated, keys.length);
  });

  it("does not confuse values that contain separators", async () => {
    const rows = [
      ["1", "1:b:1:x", "n"],
      ["11", ":b:1:x", "n"],
      ["\u0001b\u0002x", "y", "n"],
      ["", "\u0001b\u0002xy", "n"],
      ["\u0001", "\u0001\u0001", "n"],
      ["\u0001\u0001", "\u0001", "n"],
    ];
    const result = await warehouse().load("pair", { header: ["a", "b", "c"], rows }, true);
    assert.equal(result.inserted, rows.length);
  });

  for (const [dataset, when] of [
    ["keyed", "later"],
    ["first-keyed", "first"],
  ] as const) {
    it(`names duplicate keys in the ${when} snapshot and changes nothing`, async () => {
      if (when === "first")
        await warehouse().configure([
          ...allDatasets,
          { id: dataset, table: "first_keyed", keyColumns: ["Policy ID"] },
        ]);
      const before = await warehouse().changes(dataset);
      const rows = [
        ["1", "Ann", "10"],
        ["2", "Bob", ""],
        ["2", "Bob", ""],
        ["3", "Cy", "7"],
      ];
      await refuses(
        warehouse().load(dataset, { header, rows }),
        "QT4012",
        /more than once: 2 times in lines 3 and 4\./,
      );
      await refuses(
        warehouse().load(dataset, {
          header,
          rows: [...rows, ["9", "a", ""], ["2", "b", ""], ["9", "b", ""]],
        }),
        "QT4012",
        /more than once: 3 times in lines 3 to 7; 2 times in lines 6 and 8\./,
      );
      assert.deepEqual(await warehouse().changes(dataset), before);
    });
  }

  it("refuses a row without a key value, and a snapshot without a key column", async () => {
    await refuses(
      warehouse().load("keyed", {
        header,
        rows: [
          ["1", "Ann", ""],
          [null, "Bob", ""],
        ],
      }),
      "QT4013",
      /1 of 2 rows .*in a key column \("Policy ID"\), the first in line 3\./,
    );
    await refuses(
      warehouse().load("keyed", {
        header: ["Insured", "Policy\u00a0\u200bID ", "P\u043elicy", "\u041f\u043e", "Pr\u00e4mie"],
        rows: [["Ann", "1", "2", "3", "4"]],
      }),
      "QT4014",
      /lacks the key column "Policy ID"; it has "Insured", "Policy\[U\+00A0\]\[U\+200B\]ID ", "P\[U\+043E\]licy", "\u041f\u043e", "Pr\u00e4mie"\. Restore/,
    );
    // A file with other separators whose header has a comma.
    for (const separator of [";", "\t", "|"])
      await refuses(
        warehouse().load("keyed", {
          header: [`Policy ID${separator}Name`, `first${separator}Premium`],
          rows: [["a", "b"]],
        }),
        "QT4014",
        /\(are its columns separated by commas\?\)/,
      );
    await refuses(
      warehouse().load("other-format", { header: ["Insured"], rows: [["Ann"]] }),
      "QT4014",
      /lacks the key column policy_id; it has "Insured"/,
    );
  });

  it("refuses an empty snapshot, even if the copy created no table", async () => {
    await refuses(warehouse().load("keyed", { header, rows: [] }), "QT4010");
    await refuses(warehouse().publish(await warehouse().begin("keyed")), "QT4010");
    assert.equal((await warehouse().live("keyed")).length, 3);
    const allowed = await warehouse().publish(await warehouse().begin("keyed"), true);
    assert.deepEqual([allowed.status, allowed.deleted], ["published", 3]);
    assert.equal((await warehouse().live("keyed")).length, 0);
    const configured = await warehouse().load("may-be-empty", { header, rows: [] });
    assert.deepEqual([configured.status, configured.version], ["published", 1]);
    assert.equal((await warehouse().load("may-be-empty", { header, rows: [["1", "a", "b"]] })).inserted, 1);
    assert.equal((await warehouse().load("may-be-empty", { header, rows: [] })).deleted, 1);
  });

  it("publishes an empty snapshot without a header first, and rows afterwards", async () => {
    assert.equal((await warehouse().publish(await warehouse().begin("nothing"))).version, 1);
    const row = ["1", "a", "b"];
    assert.equal((await warehouse().load("nothing", { header, rows: [row] })).inserted, 1);
    assert.equal((await warehouse().load("nothing", { header, rows: [row] })).updated, 0);
  });

  it("refuses a snapshot that lost more rows than allowed, exact to the row", async () => {
    const rows = Array.from({ length: 20 }, (_, index) => [String(index), "x", "y"]);
    await warehouse().load("guarded", { header, rows });
    await refuses(
      warehouse().load("guarded", { header, rows: rows.slice(3) }),
      "QT4011",
      /lost 3 of 20 rows/,
    );
    const replaced = rows.map(([id, ...rest]) => [Number(id) < 3 ? `new ${id}` : (id ?? ""), ...rest]);
    await refuses(warehouse().load("guarded", { header, rows: replaced }), "QT4011", /lost 3 of 20 rows/);
    assert.equal((await warehouse().load("guarded", { header, rows: rows.slice(2) })).deleted, 2);
    assert.equal((await warehouse().load("guarded", { header, rows: rows.slice(15) }, true)).deleted, 13);
  });

  it("refuses a snapshot whose columns differ too much from the last one's, exact to the column", async () => {
    const rows = [["1", "2", "3", "4"]];
    await warehouse().load("columns", { header: ["a", "b", "c", "d"], rows });
    const before = await warehouse().changes("columns");
    await refuses(
      warehouse().load("columns", { header: ["1", "2", "3", "4"], rows }),
      "QT4019",
      /4 columns of the last snapshot .* lacks 4 \("a", "b", "c", "d"\); of its own 4, 4 are new \("1", "2", "3", "4"\)\. The guard is 50/,
    );
    await refuses(
      warehouse().load("columns", { header: ["a"], rows: [["1"]] }),
      "QT4019",
      /lacks 3 \("b", "c", "d"\)/,
    );
    const wide = ["a", "b", "c", "d", "e", "f", "g", "h", "i"];
    await refuses(
      warehouse().load("columns", { header: wide, rows: [wide] }),
      "QT4019",
      /lacks 0; of its own 9, 5 are new \("e", "f", "g", "h", "i"\)/,
    );
    assert.deepEqual(
      await warehouse().changes("columns"),
      before,
      "nothing changed, and no column was added",
    );
    await warehouse().load("columns", { header: ["a", "b"], rows: [["1", "2"]] });
    await warehouse().load("columns", { header: ["b"], rows: [["2"]] });
    const known = await warehouse().load("columns", { header: ["b", "c", "d"], rows: [["2", "3", "4"]] });
    assert.equal(known.status, "published", "columns that return are not new");
    await warehouse().driver.query(
      "update qt.dataset_column set last_version = 0 where dataset_no = (select dataset_no from qt.dataset where dataset_id = 'columns')",
    );
    const unknown = await warehouse().load("columns", { header: ["c"], rows: [["3"]] });
    assert.equal(unknown.status, "published", "if it was not recorded which columns the last one had");
    const header = ["Policy ID", "p", "q", "r", "s"];
    await warehouse().load("keyed-columns", { header, rows: [header] });
    await refuses(
      warehouse().load("keyed-columns", { header: ["Policy ID", "p", "q", "x", "y"], rows: [header] }),
      "QT4019",
      /lacks 2 \("r", "s"\); of its own 5, 2 are new \("x", "y"\)\. The guard is 20/,
    );
    const renamed = { header: ["Policy ID", "p", "q", "x", "y"], rows: [header] };
    assert.equal(
      (await warehouse().load("keyed-columns", renamed, true)).status,
      "published",
      "once allowed",
    );
    assert.equal((await warehouse().load("keyed-columns", renamed)).status, "published", "and then known");
  });

  for (const [header, format] of [
    [
      ["Policy ID;Insured;Premium"],
      /"Policy ID;Insured;Premium", which looks like columns separated by semicolons/,
    ],
    [["Policy ID\tInsured"], /which looks like columns separated by tabs/],
    [["Policy ID|Insured"], /which looks like columns separated by vertical bars/],
    [['{"error": "gone"', '"code": 1}'], /which looks like JSON/],
    [['[{"Policy ID": 1'], /which looks like JSON/],
    [["<!DOCTYPE html>"], /which looks like HTML/],
    [[" <HTML lang=en>", "b"], /which looks like HTML/],
    [['<?xml version="1.0"?>'], /which looks like HTML or XML/],
  ] as const) {
    it(`refuses a file that begins with ${header[0]}, even if a smaller snapshot is allowed`, async () => {
      const snapshot = { header, rows: [header] };
      await refuses(warehouse().load("other-format", snapshot), "QT4006", format);
      await refuses(warehouse().load("other-format", snapshot, true), "QT4006", format);
    });
  }

  it("lands headers that only resemble another format", async () => {
    const header = ["Policy ID", "a;b", "x|y", "<5", "(Net)"];
    assert.equal((await warehouse().load("other-format", { header, rows: [header] })).inserted, 1);
  });

  it("publishes a run once, and answers a second call the same without a change", async () => {
    const run = await warehouse().begin("keyed");
    await warehouse().driver.stage(run, header, [["7", "x", "y"]]);
    const once = await warehouse().publish(run);
    assert.deepEqual(await warehouse().publish(run), once);
    assert.deepEqual((await warehouse().changes("keyed")).header.upto, String(once.version));
  });

  it("ignores a snapshot that is older than the published one", async () => {
    const older = await warehouse().begin("keyed");
    await warehouse().driver.stage(older, header, [["7", "old", "y"]]);
    const newer = await warehouse().load("keyed", { header, rows: [["7", "new", "y"]] });
    assert.deepEqual(await warehouse().publish(older), {
      status: "superseded",
      version: newer.version,
      staged: 0,
      inserted: 0,
      updated: 0,
      deleted: 0,
      emptied: null,
    });
    assert.deepEqual((await warehouse().publish(older)).status, "superseded");
    assert.deepEqual(
      (await warehouse().live("keyed")).map((row) => row.insured),
      ["new"],
    );
  });

  it("refuses an unknown run, a failed run and an invalid run id", async () => {
    await refuses(warehouse().publish(randomUUID()), "QT4001", /again from the beginning/);
    const run = await warehouse().begin("keyed");
    await warehouse().driver.call("qt.fail_load", { run_id: run, error: "cut" });
    await refuses(warehouse().publish(run), "QT4002", /failed/);
    await refuses(warehouse().publish("x'; drop table qt.load --"), "QT4005");
  });

  it("reports rows that were deleted by hand", async () => {
    await warehouse().load(
      "keyed",
      {
        header,
        rows: [
          ["7", "x", "y"],
          ["8", "x", "y"],
        ],
      },
      true,
    );
    await warehouse().driver.query("delete from data.policies where policy_id = '8'");
    await refuses(warehouse().load("keyed", { header, rows: [["7", "x", "y"]] }, true), "QT4033");
  });

  it("leaves no staging table behind", async () => {
    const left = await warehouse().driver.query(
      "select count(*) as n from INFORMATION_SCHEMA.TABLES where TABLE_SCHEMA = 'staging' and TABLE_NAME in (select concat('load_', replace(run_id, '-', '')) from qt.\"load\" where status in ('published', 'superseded', 'failed'))",
    );
    assert.equal(Number(left[0]?.n), 0);
  });
});
