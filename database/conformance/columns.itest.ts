import assert from "node:assert/strict";
import type { DatasetInput } from "../../infra/dataset-schema";
import { isSameHeader } from "../header-spelling";
import type { Cell } from "./driver";
import { refuses, useWarehouse } from "./warehouse";

/** Two headers that are alike in their first 60 characters, at which a column's name ends. */
const long = ["gross", "net"].map((kind) => `${"premium of the whole layer ".repeat(3)}${kind}`) as [
  string,
  string,
];
const likeHeaders = [
  ["Premium (£)", "Premium ($)"],
  ["Share %", "Share #"],
  ["Prämie", "Pramie"],
  long,
] as const;

describe("headers that are named, excluded or replaced", () => {
  const warehouse = useWarehouse();
  let number = 0;

  /** Configures a dataset of its own, with any number of changed columns. */
  async function dataset(settings: Omit<DatasetInput, "id" | "table">): Promise<string> {
    const id = `columns_${++number}`;
    await configure(id, settings);
    return id;
  }
  const configure = (id: string, settings: Omit<DatasetInput, "id" | "table">) =>
    warehouse().configure([{ id, table: id, guards: { maxColumnChangePercent: 100 }, ...settings }]);
  const load = (id: string, row: Readonly<Record<string, Cell>>, allowShrink = false) =>
    warehouse().load(id, { header: Object.keys(row), rows: [Object.values(row)] }, allowShrink);
  const live = async (id: string) => (await warehouse().live(id))[0];
  const escaped = (header: string) => header.replace(/[($)]/g, "\\$&");
  /** The columns of the table itself. */
  const columnsOf = async (id: string) =>
    Object.keys((await warehouse().driver.query(`select * from data.${id}`))[0] ?? {}).filter(
      (name) => !name.startsWith("_"),
    );

  it("land side by side if they are named, though they would become one column or none", async () => {
    const columns = {
      ...{ "Premium (£)": "premium_gbp", "Premium ($)": "premium_usd", "Share #": "shares" },
      ...{ 保费: "premium_cny", 保险金额: "sum_insured_", [long[1]]: "net" },
    };
    const row = {
      "Share %": "1",
      "Premium (£)": "2",
      "Premium ($)": "3",
      "Share #": "4",
      保费: "5",
      保险金额: "6",
    };
    const id = await dataset({});
    for (const [one, other] of likeHeaders.filter(([header]) => header !== "Prämie"))
      await refuses(load(id, { [one]: "1", [other]: "2" }), "QT4016", /name them in the dataset's columns/i);
    await configure(id, { columns });
    await load(id, { ...row, [long[0]]: "7", [long[1]]: "8" });
    assert.deepEqual(await live(id), {
      ...{
        share_: "1",
        premium_gbp: "2",
        premium_usd: "3",
        shares: "4",
        premium_cny: "5",
        sum_insured_: "6",
      },
      ...{ [long[0].replaceAll(" ", "_").slice(0, 60)]: "7", net: "8" },
    });
  });

  it("are keys and have types by the names of their columns", async () => {
    const id = await dataset({
      columns: { 保单号: "policy_no", "Premium (£)": "premium_gbp" },
      keyColumns: ["保单号"],
      types: { "Premium (£)": { type: "decimal(10,2)" } },
    });
    const [listed] =
      (await warehouse().driver.call("qt.list_datasets"))[0]?.filter((row) => row.dataset_id === id) ?? [];
    assert.equal(listed?.key_columns, '["policy_no"]');
    await load(id, { 保单号: "a", "Premium (£)": "1.5", "Premium ($)": "x" });
    const { updated } = await load(id, { "Premium ($)": "x", "Premium (£)": "2.5", 保单号: "a" });
    assert.equal(updated, 1);
    const { header, changes } = await warehouse().changes(id);
    assert.deepEqual(JSON.parse(String(header.columns)), [
      { name: "policy_no", type: "text" },
      { name: "premium_gbp", type: "decimal(10,2)" },
      { name: "premium_", type: "text" },
    ]);
    assert.deepEqual(
      changes.map(({ cells }) => cells),
      [{ policy_no: "a", premium_gbp: "2.50", premium_: "x" }],
    );
    await refuses(
      load(id, { 保单号: "a", "Premium (£)": "much" }),
      "QT4015",
      /column "Premium \(£\)" is not /,
    );
    await refuses(load(id, { "Premium (£)": "1", Other: "a" }), "QT4014", /保单号/);
  });

  it("have their name in another spelling too, as long as it is only one header's", async () => {
    const id = await dataset({ columns: { "Premium (£)": "gbp", "A-B": "x", "A/B": "y" } });
    for (const spelling of ["PREMIUM  (£)", " premium £", "Premium_(£)"]) {
      await load(id, { [spelling]: spelling, "Premium ($)": "other" });
      assert.deepEqual(await live(id), { gbp: spelling, premium_: "other" });
    }
    const both = await dataset({ columns: { "Premium (£)": "gbp", "A-B": "x", "A/B": "y" } });
    await load(both, { "Premium £": "1", "Premium (£)": "2", "A/B": "3", "A-B": "4" });
    assert.deepEqual(await live(both), { premium_: "1", gbp: "2", y: "3", x: "4" });
    await load(both, { "Premium £": "1", "Premium (£)": "2", "a b": "3" });
    assert.deepEqual(await live(both), { premium_: "1", gbp: "2", y: null, x: null, a_b: "3" });
    await load(both, { "Premium (£)": "2", "A-B": "3" });
    assert.deepEqual(await live(both), { premium_: null, gbp: "2", y: null, x: "3", a_b: null });
    const signs = await dataset({ columns: { "--": "dash" } });
    await load(signs, { "-": "1", "--": "2" });
    await load(signs, { "-": "3" });
    assert.deepEqual(await live(signs), { column_1: "3", dash: null });
  });

  it("get another column from the next load on if they are named later; the former one becomes NULL", async () => {
    const id = await dataset({ keyColumns: ["id"] });
    const row = { id: "1", "Premium (£)": "2" };
    await load(id, row);
    await configure(id, { keyColumns: ["id"], columns: { "Premium (£)": "premium_gbp" } });
    assert.equal((await load(id, row)).updated, 1);
    assert.deepEqual(await live(id), { id: "1", premium_: null, premium_gbp: "2" });
    await configure(id, { keyColumns: ["id"] });
    assert.equal((await load(id, row)).updated, 1);
    assert.deepEqual(await live(id), { id: "1", premium_: "2", premium_gbp: null });
    await refuses(
      configure(id, { keyColumns: ["id"], columns: { id: "policy_no" } }),
      "QT4021",
      /cannot get the key \["policy_no"\]/,
    );
  });

  it("without a letter or digit get a number that is nobody's name, and the same one always", async () => {
    const id = await dataset({ columns: { "%": "column_1" } });
    await load(id, { 日本: "a", "%": "b" });
    assert.deepEqual(await live(id), { column_2: "a", column_1: "b" });
    await configure(id, { columns: { 日本: "japan" } });
    await load(id, { 日本: "a" });
    await configure(id, {});
    await load(id, { 日本: "a", "%": "b" });
    assert.deepEqual(await live(id), { column_2: "a", column_1: "b", japan: null });
    const named = await dataset({ columns: { 日本: "japan" } });
    await load(named, { 日本: "a" });
    await configure(named, {});
    await load(named, { 日本: "b" });
    assert.deepEqual(await live(named), { japan: "b" }, "the column that it has, whatever its name");
    await configure(named, { columns: { Country: "japan" } });
    await load(named, { 日本: "c", Country: "d" });
    assert.deepEqual(await live(named), { japan: "d", column_2: "c" });
  });

  it("are never in the table if they are excluded, in whatever spelling, and make no difference", async () => {
    for (const keyColumns of [["id"], []])
      for (const types of [{}, { n: { type: "int" } }] as const) {
        const id = await dataset({ keyColumns, types, exclude: ["SSN", "Tax No"] });
        const row = {
          id: "1",
          SSN: "secret-1",
          n: "2",
          "tax-no": "secret-2",
          " ssn": "secret-3",
          "S.S.N.": "secret-4",
        };
        assert.equal((await load(id, row)).inserted, 1);
        const again = await load(id, { ...row, SSN: "secret-5", "tax-no": null });
        assert.deepEqual([again.inserted, again.updated, again.deleted], [0, 0, 0]);
        assert.equal((await load(id, { ...row, n: "3" })).deleted, keyColumns.length === 0 ? 1 : 0);
        assert.deepEqual(await live(id), { id: "1", n: "3" });
        assert.deepEqual(await columnsOf(id), ["id", "n"]);
        const stored = await warehouse().driver.query(`select * from data.${id}`);
        assert.doesNotMatch(JSON.stringify(stored), /secret/);
      }
  });

  it("are excluded rather than named if they could be either", async () => {
    const id = await dataset({ columns: { "S.S.N.": "social" }, exclude: ["SSN"] });
    await load(id, { ssn: "secret", a: "1" });
    assert.deepEqual(await live(id), { a: "1" });
    await load(id, { "S.S.N.": "no secret", a: "1" });
    assert.deepEqual(await live(id), { a: "1", social: "no secret" });
  });

  it("become NULL in the rows that had a value if they are excluded later, and land again if not", async () => {
    const id = await dataset({ keyColumns: ["id"] });
    const snapshot = {
      header: ["id", "SSN"],
      rows: [
        ["1", "a"],
        ["2", null],
      ],
    };
    const { version } = await warehouse().load(id, snapshot);
    await configure(id, { keyColumns: ["id"], exclude: ["SSN"] });
    assert.equal((await warehouse().load(id, snapshot)).updated, 1);
    const { changes } = await warehouse().changes(id, { version, row: Number.MAX_SAFE_INTEGER });
    assert.deepEqual(
      changes.map(({ cells }) => cells),
      [{ id: "1", ssn: null }],
    );
    await configure(id, { keyColumns: ["id"] });
    assert.equal((await warehouse().load(id, snapshot)).updated, 1);
    assert.deepEqual(await warehouse().live(id), [
      { id: "2", ssn: null },
      { id: "1", ssn: "a" },
    ]);
  });

  it("count for the guard on columns by what lands", async () => {
    const guards = { maxColumnChangePercent: 50 };
    const id = await dataset({ guards });
    const row = { a: "1", b: "2", SSN: "3", DOB: "4" };
    await load(id, row);
    await configure(id, { guards, exclude: ["SSN", "DOB", "b"] });
    await refuses(load(id, row), "QT4019", /lacks 3 /);
    await configure(id, { guards, exclude: ["SSN", "DOB"] });
    await load(id, row);
    await load(id, { a: "1", b: "2" });
    await refuses(
      load(id, { a: "1", c: "2", d: "2", SSN: "3", DOB: "4" }),
      "QT4019",
      /of its own 3, 2 are new/,
    );
  });

  it("are refused if all are excluded", async () => {
    for (const keyColumns of [["id"], []]) {
      const id = await dataset({ keyColumns, exclude: ["SSN", "DOB"] });
      await refuses(load(id, { SSN: "1", dob: "2" }), "QT4026", new RegExp(id));
      await load(id, { id: "1", SSN: "1" });
      const before = await warehouse().changes(id);
      await refuses(load(id, { SSN: "1", dob: "2" }, true), "QT4026");
      assert.deepEqual(await warehouse().changes(id), before);
    }
  });

  for (const [one, other] of [...likeHeaders, ["日本", "Column 1"]] as const) {
    it(`are refused as the column of another: ${other.slice(-15)} for ${one.slice(-15)}`, async () => {
      assert.ok(!isSameHeader(one, other), "the program says the same");
      const id = await dataset({ keyColumns: ["id"] });
      const row = (header: string) => ({ id: "1", [header]: "2" });
      await load(id, row(one));
      const before = await warehouse().changes(id);
      const column = Object.keys((await live(id)) ?? {})[1] ?? "";
      for (const allowShrink of [false, true])
        await refuses(
          load(id, { ...row(other), more: "3" }, allowShrink),
          "QT4007",
          new RegExp(`header "${escaped(other)}" .* of "${escaped(one)}" in the column "${column}"`),
        );
      assert.deepEqual(await warehouse().changes(id), before);
      assert.deepEqual(await columnsOf(id), ["id", column]);
      // Also if the column has not been sent for a while.
      await load(id, { id: "1" });
      await refuses(load(id, row(other)), "QT4007");
      // To give the new header that very column allows it, and then the former one is the other.
      await configure(id, { keyColumns: ["id"], columns: { [other]: column } });
      await load(id, row(other));
      assert.deepEqual(await live(id), { id: "1", [column]: "2" });
      if (column !== "column_1") await refuses(load(id, row(one)), "QT4007");
      await configure(id, { keyColumns: ["id"], columns: { [other]: "another" } });
      await load(id, row(other));
      assert.deepEqual(await live(id), { id: "1", [column]: null, another: "2" });
    });
  }

  it("stay the same column in another spelling", async () => {
    for (const [one, other] of [
      ["ID", "id"],
      ["PolicyID", "policy_id"],
      ["Policy (No)", "policy-no\u00a0"],
      ["Prämie/Ω", "PRÄMIE.ω"],
      ["Sum  insured", "SUM_INSURED"],
      ["A-_./()B C", "a\u200b\u00a0b\u3000c"],
    ] as const) {
      assert.ok(isSameHeader(one, other), "the program says the same");
      const id = await dataset({ keyColumns: ["key"] });
      await load(id, { key: "1", [one]: "2" });
      assert.equal((await load(id, { key: "1", [other]: "2" })).updated, 0, `${one} → ${other}`);
    }
  });

  it("are refused in the column that a name or an exclusion keeps for another header", async () => {
    const named = await dataset({ columns: { "Premium ($)": "premium_" } });
    await refuses(
      load(named, { "Premium (£)": "1" }),
      "QT4007",
      /of "Premium \(\$\)" in the column "premium_"/,
    );
    await load(named, { "premium ($)": "1" });
    const excluded = await dataset({ exclude: ["Numéro"] });
    await refuses(load(excluded, { Numero: "1", a: "2" }), "QT4007", /"Numero" .* of "Numéro"/);
    await load(excluded, { Numero: "1", Numéro: "2" });
    await load(excluded, { Numero: "3" });
    assert.deepEqual(await live(excluded), { numero: "3" });
  });
});
