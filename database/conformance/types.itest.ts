import assert from "node:assert/strict";
import fc from "fast-check";
import { skip } from "../../packages/kit/testing/skip";
import type { Cell } from "./driver";
import { exactText } from "./exact-values";
import { randomTexts, textsAtBounds } from "./values-at-bounds";
import { refuses, useWarehouse } from "./warehouse";

/** Type → [text in the snapshot, text in the feed]; undefined = does not convert. */
const conversions: Readonly<Record<string, readonly (readonly [string, string | null | undefined])[]>> = {
  int: [
    ["7", "7"],
    ["-007", "-7"],
    [" +5 ", "5"],
    ["2147483647", "2147483647"],
    ["2147483648", undefined],
    ["1.0", undefined],
    ["1e3", undefined],
    ["", null],
    ["  ", null],
    ["x", undefined],
    ["1_000", undefined],
    ["0x1F", undefined],
    ["-", undefined],
    ["-0", "0"],
    ["7\t", undefined],
  ],
  bigint: [
    ["9223372036854775807", "9223372036854775807"],
    ["-9223372036854775808", "-9223372036854775808"],
    ["9223372036854775808", undefined],
  ],
  "decimal(10,2)": [
    ["1", "1.00"],
    ["1.5", "1.50"],
    ["-.25", "-0.25"],
    ["1.100", "1.10"],
    ["1.005", undefined],
    ["99999999.99", "99999999.99"],
    ["100000000", undefined],
    ["1,000.00", undefined],
    ["1e2", undefined],
    ["5.", "5.00"],
    [".", undefined],
    ["1_000.00", undefined],
    ["1e-99999", undefined],
    ["NaN", undefined],
    ["Infinity", undefined],
    ["", null],
    ["  ", null],
  ],
  "decimal(38,0)": [
    ["12345678901234567890123456789012345678", "12345678901234567890123456789012345678"],
    ["00000000000000000000001", "1"],
  ],
  float: [
    ["1.5", "1.5"],
    ["0.1", "0.1"],
    ["1e3", "1000"],
    ["12345.678", "12345.678"],
    ["1e999", undefined],
    ["-0", "0"],
    ["NaN", undefined],
    ["Infinity", undefined],
    [".5", "0.5"],
    ["1e20", "1e+20"],
    ["0.00001", "1e-05"],
    ["1.7976931348623157E+308", "1.7976931348623157e+308"],
    ["-1.7976931348623157E+308", "-1.7976931348623157e+308"],
    ["2.2250738585072014e-308", "2.2250738585072014e-308"],
  ],
  bit: [
    ["true", "true"],
    ["YES", "true"],
    ["1", "true"],
    ["No", "false"],
    ["0", "false"],
    ["2", undefined],
    ["", null],
  ],
  date: [
    ["2024-02-29", "2024-02-29"],
    ["2023-02-29", undefined],
    ["29/02/2024", undefined],
    ["2024-2-9", undefined],
    ["0000-01-01", undefined],
    ["10000-01-01", undefined],
    ["0044-03-15 BC", undefined],
    ["infinity", undefined],
    ["tomorrow", undefined],
    ["Sept-01-24", undefined],
    [" 2024-02-29 ", "2024-02-29"],
    ["", null],
    ["          ", null],
  ],
  datetime2: [
    ["2024-02-29T10:11:12.345Z", "2024-02-29T10:11:12.345"],
    ["2024-02-29 10:11", "2024-02-29T10:11:00.000"],
    ["2024-02-29", "2024-02-29T00:00:00.000"],
    ["2024-02-29T10:11:12.3450000", "2024-02-29T10:11:12.345"],
    ["2024-02-29T10:11:12.3456789", undefined],
    ["2024-02-29T10:11:12.3451", undefined],
    ["2024-02-29T10:11:12.34Z", "2024-02-29T10:11:12.340"],
    ["2024-02-29T24:00:00", undefined],
    ["2024-02-29T24:00:00.000", undefined],
    ["2024-02-29T10:11:60.000", undefined],
    ["infinity", undefined],
    ["                       ", null],
    ["2024-02-29T10:11:12+02:00", undefined],
    ["2024-02-29Z", undefined],
    ["2024-02-29 10:11Z", "2024-02-29T10:11:00.000"],
    [" 2024-02-29T23:59:59.999000000Z ", "2024-02-29T23:59:59.999"],
    ["2024-02-29T23:59:59.999999999Z", undefined],
    ["2024-02-29T29:00:00", undefined],
    ["2024-02-29T10:11:12.", undefined],
    ["2024-02-29T10:11:", undefined],
    ["2024-02-29T10", undefined],
    ["2024-02-29T", undefined],
    ["2024-02-29T10:1Z1:12", undefined],
    ["2024-02-29T10:11:12.1234567891", undefined],
    ["2024-02-29 T0:11", undefined],
    ["2024-02-30", undefined],
  ],
};

describe("declared types", () => {
  const warehouse = useWarehouse();
  const typed = (id: string, type: string, onError?: "null") => ({
    id,
    table: id,
    keyColumns: ["id"],
    types: { value: { type, ...(onError && { onError }) } },
  });
  const snapshot = (values: readonly Cell[]) => ({
    header: ["id", "value"],
    rows: values.map((value, index) => [String(index), value]),
  });

  for (const [index, [type, cases]] of Object.entries(conversions).entries()) {
    it(`converts ${type}, and refuses other values`, async () => {
      const strict = typed(`strict_${index}`, type);
      const lenient = typed(`lenient_${index}`, type, "null");
      await warehouse().configure([strict, lenient]);
      const good = cases.filter(([, text]) => text !== undefined);
      await warehouse().load(strict.id, snapshot([null, ...good.map(([raw]) => raw)]));
      const landed = await warehouse().live(strict.id);
      assert.deepEqual(
        landed.map((row) => row.value),
        [null, ...good.map(([, text]) => text)],
      );

      for (const [raw] of cases.filter(([, text]) => text === undefined)) {
        await refuses(
          warehouse().load(strict.id, snapshot([null, ...good.map(([text]) => text), raw])),
          "QT4015",
          /column "value"/,
        );
      }
      await warehouse().load(lenient.id, snapshot(cases.map(([raw]) => raw)));
      assert.deepEqual(
        (await warehouse().live(lenient.id)).map((row) => row.value),
        cases.map(([, text]) => text ?? null),
      );
    });
  }

  for (const [index, type] of Object.keys(textsAtBounds).entries()) {
    it(`lands as ${type} exactly the values that it holds, and names every other`, async () => {
      const published = typed(`exact_${index}`, type);
      const fresh = typed(`fresh_${index}`, type);
      const lenient = typed(`nulls_${index}`, type, "null");
      await warehouse().configure([published, fresh, lenient]);
      const lands = async (id: string, texts: readonly string[]) => {
        await warehouse().load(id, snapshot(texts), true);
        const rows = new Map((await warehouse().live(id)).map((row) => [row.id, row.value]));
        assert.deepEqual(
          texts.map((text, row) => [text, rows.get(String(row))]),
          texts.map((text) => [text, exactText(type, text) ?? null]),
        );
      };
      await fc.assert(
        fc.asyncProperty(fc.array(randomTexts(type), { minLength: 40, maxLength: 60 }), async (texts) => {
          const good = texts.filter((text) => exactText(type, text) !== undefined);
          const bad = texts.filter((text) => exactText(type, text) === undefined);
          await lands(lenient.id, texts);
          await lands(published.id, [...good, ""]);
          // The error names five. One table has rows that the snapshot is compared with, the other never has any.
          for (let at = 0; at < bad.length; at += 5) {
            const { id } = at % 2 === 0 ? published : fresh;
            const five = bad.slice(at, at + 5);
            const message = await warehouse()
              .load(id, snapshot([...good, ...five]), true)
              .then(() => "no error", String);
            assert.match(message, /QT4015: /);
            for (const row of five.keys()) {
              const line = good.length + row + 2;
              const named = `line ${line}, column "value" is not ${type}`;
              assert.ok(message.includes(named), `${named}: ${message}`);
            }
          }
        }),
        { numRuns: 3, examples: [[[...(textsAtBounds[type] ?? [])]]] },
      );
    });
  }

  it("reports the first cells that do not convert, with line and column", async () => {
    await warehouse().configure([
      {
        id: "t",
        table: "t",
        keyColumns: ["id"],
        types: { Amount: { type: "int" }, day: { type: "date" }, at: { type: "datetime2" } },
      },
    ]);
    const rows = [
      ["1", "5", "2024-01-01", null],
      ["2", "five", "2024-01-01", null],
      ["3", "6", "yesterday", null],
      ["4", "7", null, "2024-01-01 10:11:12.0001"],
    ];
    await refuses(
      warehouse().load("t", { header: ["id", "Amount", "day", "at"], rows }),
      "QT4015",
      /line 3, column "Amount" is not int; line 4, column "day" is not date; line 5, column "at" is not datetime2 \(milliseconds at most\)\./,
    );
  });

  it("does not take characters that a collation ignores for empty text", async () => {
    const types = { n: { type: "int" } };
    const strict = { id: "ignorable", table: "ignorable", keyColumns: ["id"], types };
    const later = { id: "later_int", table: "later_int", keyColumns: ["id"] };
    await warehouse().configure([strict, later]);
    for (const ignorable of ["😀", "\uFEFF", "\u200D", "\u2060"]) {
      const snapshot = { header: ["id", "n"], rows: [["1", ignorable]] };
      await refuses(warehouse().load("ignorable", snapshot), "QT4015", /line 2, column "n"/);
      await warehouse().load("later_int", snapshot);
      await refuses(warehouse().configure([strict, { ...later, types }]), "QT4024");
    }
  });

  it("reports cells whatever their headers are", async () => {
    const header = ["__line", "line", "cell_3", "n", "x; --", "value"];
    const types = Object.fromEntries(header.map((name) => [name, { type: "int" }]));
    await warehouse().configure([{ id: "named", table: "named", types }]);
    await refuses(
      warehouse().load("named", { header, rows: [["1", "2", "3", "4", "x", "%%"]] }),
      "QT4015",
      /line 2, column "x; --" is not int; line 2, column "value" is not int/,
    );
  });

  it("reports a cell whose header has an apostrophe", async function () {
    const { apostrophes } = warehouse().driver.lacks;
    if (apostrophes !== undefined) skip(this, apostrophes);
    await warehouse().configure([
      { id: "quoted", table: "quoted", types: { "Broker's 'No'": { type: "int" } } },
    ]);
    const load = (value: string) =>
      warehouse().load("quoted", { header: ["Broker's 'No'"], rows: [[value]] });
    await refuses(load("x"), "QT4015", /line 2, column "Broker's 'No'" is not int/);
    assert.equal((await load("7")).inserted, 1);
  });

  it("reports a long text of percent signs unchanged", async () => {
    const header = Array.from({ length: 5 }, (_, index) => `${"%".repeat(90)}${index}`);
    const columns = Object.fromEntries(header.map((name, index) => [name, `c${index}`]));
    const types = Object.fromEntries(header.map((name) => [name, { type: "int" }]));
    await warehouse().configure([{ id: "percent", table: "percent", types, columns }]);
    const rows = [header.map(() => "x")];
    await refuses(warehouse().load("percent", { header, rows }), "QT4015", /column "%{90}0" is not int/);
  });

  it("changes text to float and back, and sends nothing if the text stays the same", async () => {
    const same = snapshot(["1.5", "-0.25", "3", null]);
    for (const keyColumns of [["id"], []]) {
      const id = `floating_${keyColumns.length}`;
      const as = (type: string) =>
        warehouse().configure([{ id, table: id, keyColumns, types: { value: { type } } }]);
      await as("text");
      await warehouse().load(id, same);
      for (const type of ["float", "text"]) {
        await as(type);
        const { inserted, updated, deleted } = await warehouse().load(id, same);
        assert.deepEqual([inserted, updated, deleted], [0, 0, 0], `${id} to ${type}`);
      }
      assert.equal((await warehouse().changes(id, { version: 1, row: 1000 })).changes.length, 0);
    }
  });

  it("treats another spelling of the same value as no change", async () => {
    await warehouse().configure([typed("spelling", "decimal(10,2)")]);
    await warehouse().load("spelling", snapshot(["1", "2.50"]));
    assert.equal((await warehouse().load("spelling", snapshot(["1.00", " 2.5"]))).updated, 0);
  });

  it("treats two spellings of one typed key as duplicates", async () => {
    await warehouse().configure([
      { id: "typed_key", table: "typed_key", keyColumns: ["id"], types: { id: { type: "int" } } },
    ]);
    await refuses(
      warehouse().load("typed_key", { header: ["id"], rows: [["7"], ["07"]] }),
      "QT4012",
      /2 times in lines 2 and 3/,
    );
  });

  it("changes a landed column's type only if all its values convert", async () => {
    const rows = [
      ["1", "10"],
      ["2", "007"],
      ["3", ""],
      ["4", null],
    ];
    const values = async () =>
      (await warehouse().live("changing"))
        .sort((a, b) => Number(a.id) - Number(b.id))
        .map((row) => row.value);
    await warehouse().configure([typed("changing", "text")]);
    await warehouse().load("changing", { header: ["id", "value"], rows });
    await refuses(
      warehouse().configure([typed("changing", "date")]),
      "QT4024",
      /at least 2 of its rows .* first with _row_id 1\./,
    );
    const { header } = await warehouse().changes("changing");
    const cursor = {
      epoch: String(header.epoch),
      version: Number(header.upto),
      row: Number.MAX_SAFE_INTEGER,
    };
    await warehouse().configure([typed("changing", "int")]);
    const sent = async () =>
      (await warehouse().changes("changing", cursor)).changes.map(({ version, cells }) => [
        version,
        cells.id,
        cells.value,
      ]);
    const changed = [
      [2, "2", "7"],
      [2, "3", null],
    ];
    assert.deepEqual(await sent(), changed, "the rows whose text has changed");
    assert.equal((await warehouse().load("changing", { header: ["id", "value"], rows })).updated, 0);
    assert.deepEqual(await sent(), changed, "once");
    assert.deepEqual(await values(), ["10", "7", null, null]);
    await warehouse().load("changing", { header: ["id", "value"], rows: [...rows, ["5", "99999"]] });
    await warehouse().load("changing", { header: ["id", "value"], rows });
    await warehouse().configure([typed("changing", "decimal(6,2)")]);
    assert.deepEqual(await values(), ["10.00", "7.00", null, null], "whatever a deleted row held");
    await warehouse().configure([typed("changing", "decimal(12,2)")]);
    assert.deepEqual(await values(), ["10.00", "7.00", null, null]);
    await refuses(warehouse().configure([typed("changing", "decimal(3,2)")]), "QT4024");
    await warehouse().configure([{ id: "changing", table: "changing", keyColumns: ["id"] }]);
    assert.deepEqual(await values(), ["10.00", "7.00", null, null]);
    await refuses(
      warehouse().configure([{ ...typed("changing", "text"), types: { id: { type: "int" } } }]),
      "QT4021",
    );
  });
});
