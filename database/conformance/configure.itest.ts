import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { type DatasetInput, datasetSchema } from "../../infra/dataset-schema";
import { skip } from "../../packages/kit/testing/skip";
import { refuses, useWarehouse } from "./warehouse";

const policies = { id: "p", table: "policies", keyColumns: ["id"] };
const one = { header: ["id", "a"], rows: [["1", "x"]] };

describe("qt.configure", () => {
  const warehouse = useWarehouse();
  const list = async () => (await warehouse().driver.call("qt.list_datasets"))[0] ?? [];

  it("lists the configured datasets, and changes nothing the second time", async () => {
    await warehouse().configure([policies, { id: "c", table: "Claims 2024" }]);
    const first = await list();
    assert.deepEqual(
      first.map((row) => [
        row.dataset_id,
        row.table_name,
        row.status,
        Number(row.published_version),
        row.key_columns,
        row.columns,
      ]),
      [
        ["c", "claims_2024", "active", 0, "[]", "[]"],
        ["p", "policies", "active", 0, '["id"]', "[]"],
      ],
    );
    await warehouse().configure([policies, { id: "c", table: "Claims 2024" }]);
    assert.deepEqual(await list(), first);
  });

  it("lists what the reconciliation loads, in two columns", async () => {
    const [rows] = await warehouse().driver.call("qt.datasets_to_load");
    assert.deepEqual(
      rows?.map((row) => ({ ...row })),
      [
        { dataset_id: "c", table_name: "claims_2024" },
        { dataset_id: "p", table_name: "policies" },
      ],
    );
  });

  it("refuses another key for a table, and accepts it with a new table", async () => {
    await warehouse().load("p", one);
    await refuses(warehouse().configure([{ ...policies, keyColumns: ["a"] }]), "QT4021", /new table name/);
    await warehouse().configure([{ ...policies, table: "policies_2", keyColumns: ["a"] }]);
    assert.deepEqual((await list()).find((row) => row.dataset_id === "p")?.table_name, "policies_2");
    assert.equal((await warehouse().load("p", one)).version, 1);
    assert.equal((await warehouse().driver.query("select * from data.policies")).length, 1);
    await warehouse().configure([policies]);
    assert.equal((await warehouse().load("p", one)).version, 2, "the first table continues where it was");
  });

  it("refuses a table of another dataset, even a retired one", async () => {
    await warehouse().configure([policies]);
    await refuses(warehouse().configure([policies, { id: "q", table: "policies" }]), "QT4022");
    await refuses(
      warehouse().configure([policies, { id: "q", table: "claims_2024" }]),
      "QT4022",
      /belongs to dataset c/,
    );
  });

  it("retires a removed dataset and keeps its table", async () => {
    await warehouse().configure([]);
    assert.deepEqual((await warehouse().driver.call("qt.datasets_to_load"))[0]?.length, 0);
    assert.deepEqual(
      (await list()).map((row) => row.status),
      ["retired", "retired"],
    );
    await refuses(warehouse().begin("p"), "QT4003");
    assert.equal((await warehouse().changes("p")).header.status, "unknown");
    assert.equal((await warehouse().driver.query("select * from data.policies")).length, 1);
  });

  for (const [what, datasets, code] of [
    ["a value that is not an array", { id: "x" }, "QT4020"],
    ["no id", [{ table: "x" }], "QT4020"],
    ["no table", [{ id: "x" }], "QT4020"],
    ["an id that ends with a blank", [{ id: "x ", table: "x" }], "QT4020"],
    ["an id of 201 characters", [{ id: "x".repeat(201), table: "x" }], "QT4020"],
    ["an id of 5,000 characters", [{ id: "x".repeat(5000), table: "x" }], "QT4020"],
    [
      "a type of 200 characters",
      [{ id: "x", table: "x", types: { a: { type: "y".repeat(200) } } }],
      "QT4023",
    ],
    [
      "an onError of 200 characters",
      [{ id: "x", table: "x", types: { a: { type: "int", onError: "y".repeat(200) } } }],
      "QT4020",
    ],
    ["a guard beyond 100", [{ id: "x", table: "x", guards: { maxShrinkPercent: 101 } }], "QT4020"],
    ["a guard below 0", [{ id: "x", table: "x", guards: { maxColumnChangePercent: -1 } }], "QT4020"],
    [
      "a duplicate id",
      [
        { id: "x", table: "x" },
        { id: "x", table: "y" },
      ],
      "QT4020",
    ],
    [
      "a duplicate table",
      [
        { id: "x", table: "x" },
        { id: "y", table: "X" },
      ],
      "QT4022",
    ],
    ["an unknown type", [{ id: "x", table: "x", types: { a: { type: "money" } } }], "QT4023"],
    [
      "a decimal beyond 38 digits",
      [{ id: "x", table: "x", types: { a: { type: "decimal(39,2)" } } }],
      "QT4023",
    ],
    [
      "a scale with a leading zero",
      [{ id: "x", table: "x", types: { a: { type: "decimal(18,04)" } } }],
      "QT4023",
    ],
    [
      "an unknown onError",
      [{ id: "x", table: "x", types: { a: { type: "int", onError: "skip" } } }],
      "QT4020",
    ],
    ["a duplicate key column", [{ id: "x", table: "x", keyColumns: ["Policy ID", "policy_id"] }], "QT4025"],
    ["a key column without a name", [{ id: "x", table: "x", keyColumns: ["%"] }], "QT4025"],
    ...["Name", "1a", "_a", "a__b", "a-b", "ä", "", "a".repeat(61), "a".repeat(5000), "qt_row_id", null].map(
      (name) =>
        [
          `the column name ${name?.slice(0, 70)}`,
          [{ id: "x", table: "x", columns: { a: name } }],
          "QT4025",
        ] as const,
    ),
    ["a header of 201 characters", [{ id: "x", table: "x", exclude: ["h".repeat(201)] }], "QT4025"],
    [
      "a header of 5,000 characters",
      [{ id: "x", table: "x", columns: { ["h".repeat(5000)]: "a" } }],
      "QT4025",
    ],
    ["an empty header", [{ id: "x", table: "x", exclude: [""] }], "QT4025"],
    ["two headers with one name", [{ id: "x", table: "x", columns: { a: "c", b: "c" } }], "QT4025"],
    [
      "a header that is named and excluded",
      [{ id: "x", table: "x", columns: { a: "b" }, exclude: ["a"] }],
      "QT4025",
    ],
    ["a header that is excluded twice", [{ id: "x", table: "x", exclude: ["a", "a "] }], "QT4025"],
    ["an excluded key column", [{ id: "x", table: "x", keyColumns: ["a"], exclude: ["a"] }], "QT4025"],
    [
      "a type of an excluded column",
      [{ id: "x", table: "x", types: { a: { type: "int" } }, exclude: ["a"] }],
      "QT4025",
    ],
    [
      "key columns that become one by a name",
      [{ id: "x", table: "x", keyColumns: ["a", "b"], columns: { a: "b" } }],
      "QT4025",
    ],
    [
      "types of columns that become one by a name",
      [{ id: "x", table: "x", types: { a: { type: "int" }, b: { type: "int" } }, columns: { a: "b" } }],
      "QT4025",
    ],
  ] as const) {
    it(`refuses ${what} and changes nothing`, async () => {
      const before = await list();
      const parameters = { datasets: JSON.stringify(datasets), unknown_datasets: "ignore" };
      await refuses(warehouse().driver.call("qt.configure", parameters), code);
      assert.deepEqual(await list(), before);
    });
  }

  it("shows what cannot be seen in headers that it refuses", async () => {
    const exclude = ["Share\u00a0%", "Share\u00a0%"];
    const parameters = {
      datasets: JSON.stringify([{ id: "x", table: "x", exclude }]),
      unknown_datasets: "ignore",
    };
    await refuses(warehouse().driver.call("qt.configure", parameters), "QT4025", /"Share\[U\+00A0\]%"/);
  });

  it("uses the schema's defaults for missing settings, and for a dataset that lands without configuration", async () => {
    const types = { Amount: { type: "int" } };
    const least = { id: "left_out", table: "left_out", types } satisfies DatasetInput;
    const whole = datasetSchema.parse({ ...least, id: "complete", table: "complete" });
    await warehouse().configure([least, whole], "land");
    await warehouse().begin("landed");
    const stored = await warehouse().driver.query(
      "select d.*, t.name, t.type, t.on_error from qt.dataset d left join qt.dataset_type t on t.dataset_no = d.dataset_no",
    );
    const settingsOf = (id: string) => {
      const { dataset_no, dataset_id, table_name, epoch, ...settings } =
        stored.find((row) => row.dataset_id === id) ?? {};
      return settings;
    };
    const expected = settingsOf(whole.id);
    assert.equal(Number(expected.max_shrink_percent), whole.guards.maxShrinkPercent);
    assert.equal(Number(expected.max_column_change_percent), whole.guards.maxColumnChangePercent);
    assert.equal(expected.on_error, whole.types.Amount?.onError);
    assert.deepEqual(settingsOf(least.id), expected);
    const untyped = { origin: "landed", name: null, type: null, on_error: null };
    assert.deepEqual(settingsOf("landed"), { ...expected, ...untyped });
    await warehouse().configure([], "ignore");
  });

  it("empties what does not convert to a new type if the tenant says so, and sends those rows", async () => {
    const types = (onError: "fail" | "null") => ({ amount: { type: "int", onError } });
    const dataset = { id: "retyped", table: "retyped", keyColumns: ["id"] };
    await warehouse().configure([dataset]);
    const header = ["id", "amount"];
    const rows = ["1", "oops", null, "2", ""].map((amount, index) => [String(index), amount]);
    const { version } = await warehouse().load("retyped", { header, rows });
    await refuses(
      warehouse().configure([{ ...dataset, types: types("fail") }]),
      "QT4024",
      /set onError to null/,
    );
    await warehouse().configure([{ ...dataset, types: types("null") }]);
    const { changes } = await warehouse().changes("retyped", { version, row: Number.MAX_SAFE_INTEGER });
    assert.deepEqual(changes.map(({ cells }) => [cells.id, cells.amount]).sort(), [
      ["1", null],
      ["4", null],
    ]);
    assert.deepEqual((await warehouse().live("retyped")).map(({ amount }) => amount).sort(), [
      "1",
      "2",
      null,
      null,
      null,
    ]);
  });

  it("distinguishes an id from the same id with trailing blanks, and from a longer one with the same beginning", async () => {
    const id = "x".repeat(200);
    await warehouse().configure([{ id, table: "long_id" }], "land");
    for (const other of [`${id} `, `${id}y`, `${id}${" ".repeat(100)}`]) {
      await refuses(warehouse().begin(other), "QT4003");
      assert.equal((await warehouse().changes(other)).header.status, "unknown");
    }
    await warehouse().configure([], "ignore");
  });

  it("lands an unknown dataset in a keyless table named after its id, if configured", async () => {
    const id = randomUUID();
    await warehouse().configure([], "ignore");
    await refuses(warehouse().begin(id), "QT4003");
    await warehouse().configure([], "land");
    assert.equal((await warehouse().load(id, one)).inserted, 1);
    const landed = (await list()).find((row) => row.dataset_id === id);
    assert.match(String(landed?.table_name), /^_?[0-9a-f_]{36,37}$/);
    assert.equal(landed?.key_columns, "[]");
    await warehouse().configure([], "land");
    assert.equal((await warehouse().load(id, one)).version, 2);
    await warehouse().configure([], "ignore");
    await refuses(warehouse().begin(id), "QT4003");
    await warehouse().configure([], "land");
    assert.equal((await warehouse().load(id, one)).version, 3);
    await refuses(warehouse().configure([], "maybe"), "QT4020");
  });

  it("takes the table name from a dataset that landed unasked and never published, but not while it loads", async () => {
    await warehouse().configure([], "land");
    const stray = await warehouse().begin("Stray Event");
    await refuses(warehouse().begin("stray_event"), "QT4022", /stray_event is taken/);
    await warehouse().driver.call("qt.fail_load", { run_id: stray, error: "nobody wanted it" });
    assert.equal((await warehouse().load("stray_event", one)).inserted, 1);
    await refuses(warehouse().begin("Stray Event"), "QT4022", /stray_event is taken/);
    const other = await warehouse().begin("Other Stray");
    const wanted = { id: "d-wanted", table: "other_stray", keyColumns: ["id"] };
    await refuses(warehouse().configure([wanted], "land"), "QT4022", /belongs to dataset Other Stray/);
    await warehouse().driver.call("qt.fail_load", { run_id: other, error: "nobody wanted it" });
    await warehouse().configure([wanted], "land");
    assert.equal((await warehouse().load("d-wanted", one)).inserted, 1);
  });

  it("releases the table name of a dataset that landed unasked or is retired, and keeps its rows", async function () {
    const { indexes } = warehouse().driver.lacks;
    if (indexes !== undefined) skip(this, indexes);
    await warehouse().configure([{ id: "wanted", table: "wanted" }], "land");
    await warehouse().load("unwanted", one);
    const release = (table_name: string) => warehouse().session.call("qt.release_dataset", { table_name });
    for (const table of ["wanted", "nothing"]) await refuses(release(table), "QT4009");
    const [[released] = []] = await release("unwanted");
    assert.equal(released?.dataset_id, "unwanted");
    await refuses(release(String(released?.released_as)), "QT4009");
    const kept = await warehouse().driver.query(`select count(*) as n from data.${released?.released_as}`);
    assert.equal(Number(kept[0]?.n), 1);
    await warehouse().configure([{ id: "other", table: "unwanted" }], "land");
    assert.equal((await warehouse().load("other", one)).version, 1);
    await warehouse().configure([], "ignore");
    assert.equal((await release("wanted"))[0]?.[0]?.dataset_id, "wanted");
    await warehouse().configure([{ id: "wanted", table: "wanted" }]);
    assert.equal((await warehouse().load("wanted", one)).version, 1, "the table begins again");
  });
});
