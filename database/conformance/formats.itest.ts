import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { formatMistake, type WrittenAs } from "../../infra/column-format";
import type { DatasetInput } from "../../infra/dataset-schema";
import { skip } from "../../packages/kit/testing/skip";
import { statementSize } from "../sizes/statement-size";
import { isBetweenFloats } from "./exact-values";
import { refuses, useWarehouse } from "./warehouse";
import { dayFormats, numberFormats, readAs, spoilt, writtenMoments, writtenNumbers } from "./written-values";

const documented = readFileSync(path.join(__dirname, "../../docs/sql-server-limits.md"), "utf8");

type Types = NonNullable<DatasetInput["types"]>;
const typesOf = (columns: readonly WrittenAs[], onError: "fail" | "null" = "null") =>
  Object.fromEntries(columns.map((declared, index) => [`c${index}`, { ...declared, onError }])) as Types;

/** Declared → [text in the snapshot, text in the feed]; undefined = does not convert. */
const conversions: readonly (readonly [
  WrittenAs,
  readonly (readonly [string, string | null | undefined])[],
])[] = [
  [
    { type: "date", format: "dd/MM/yyyy" },
    [
      ["29/02/2024", "2024-02-29"],
      [" 01/12/0001 ", "0001-12-01"],
      ["31/12/9999", "9999-12-31"],
      ["2024-02-29", undefined],
      ["02/29/2024", undefined],
      ["29/02/2023", undefined],
      ["9/02/2024", undefined],
      ["29/02/24", undefined],
      ["29/02/2024 00:00", undefined],
      ["29.02.2024", undefined],
      ["00/02/2024", undefined],
      ["01/01/0000", undefined],
      ["2９/02/2024", undefined],
      ["", null],
      ["   ", null],
    ],
  ],
  [
    { type: "date", format: "d-MMM-yyyy" },
    [
      ["1-Jan-2024", "2024-01-01"],
      ["01-jan-2024", "2024-01-01"],
      ["31-DEC-2024", "2024-12-31"],
      ["30-Feb-2024", undefined],
      ["1-anf-2024", undefined],
      ["1-Mai-2024", undefined],
      ["1-Janu-2024", undefined],
      ["1--ja-2024", undefined],
      ["001-Jan-2024", undefined],
    ],
  ],
  [
    { type: "date", format: "M/d/yyyy" },
    [
      ["2/9/2024", "2024-02-09"],
      ["12/9/2024", "2024-12-09"],
      ["2/29/2024", "2024-02-29"],
      ["02/09/2024", "2024-02-09"],
      ["12/31/2024", "2024-12-31"],
      ["13/1/2024", undefined],
      ["/1/2024", undefined],
      ["1/ 1/2024", undefined],
      ["+1/1/2024", undefined],
    ],
  ],
  [
    { type: "date", format: "yyyyMMdd" },
    [
      ["20240229", "2024-02-29"],
      ["2024022", undefined],
      ["202402290", undefined],
    ],
  ],
  [
    { type: "date", format: "yyyy年M月d日 [%_']" },
    [
      ["2024年2月29日 [%_']", "2024-02-29"],
      ["2024年2月29日 [x_']", undefined],
      ["2024年2月29日 [%x']", undefined],
    ],
  ],
  [
    { type: "datetime2", format: "dd.MM.yyyy HH:mm:ss" },
    [
      ["29.02.2024 23:59:59", "2024-02-29T23:59:59.000"],
      ["29.02.2024 00:00:00", "2024-02-29T00:00:00.000"],
      ["29.02.2024 24:00:00", undefined],
      ["29.02.2024 29:00:00", undefined],
      ["29.02.2024 23:60:00", undefined],
      ["29.02.2024 23:59:60", undefined],
      ["29.02.2024 23:59", undefined],
      ["29.02.2024", undefined],
      ["29.02.2024 23:59:59.1", undefined],
      ["29.02.2024T23:59:59", undefined],
      ["2024-02-29 23:59:59", undefined],
    ],
  ],
  [
    { type: "datetime2", format: "d/M/yyyy H:mm:ss,fff" },
    [
      ["9/2/2024 7:05:06,7", "2024-02-09T07:05:06.700"],
      ["19/12/2024 17:05:06,789000000", "2024-12-19T17:05:06.789"],
      ["09/02/2024 07:05:06,78", "2024-02-09T07:05:06.780"],
      ["9/2/2024 7:05:06,7891", undefined],
      ["9/2/2024 7:05:06,7890000000", undefined],
      ["9/2/2024 7:05:06,", undefined],
      ["9/2/2024 7:05:06", undefined],
      ["9/2/2024 24:05:06,7", undefined],
    ],
  ],
  [
    { type: "datetime2", format: "yyyydMMMH:mm" },
    [
      ["20241Jan12:30", "2024-01-01T12:30:00.000"],
      ["202412Jan1:30", "2024-01-12T01:30:00.000"],
    ],
  ],
  [
    { type: "datetime2", format: "yyyy-MM-dd" },
    [
      ["2024-02-29", "2024-02-29T00:00:00.000"],
      ["2024-02-29T10:11", undefined],
    ],
  ],
  [
    { type: "decimal(18,2)", thousands: "," },
    [
      ["1,234.5", "1234.50"],
      ["1234.5", "1234.50"],
      ["-1,234,567.89", "-1234567.89"],
      ["+12,345", "12345.00"],
      ["1,234.500", "1234.50"],
      [".5", "0.50"],
      ["9,999,999,999,999,999.99", "9999999999999999.99"],
      ["10,000,000,000,000,000", undefined],
      ["1,5", undefined],
      ["1,23", undefined],
      ["1,2345", undefined],
      ["1234,567", undefined],
      ["12,34,567", undefined],
      [",123", undefined],
      ["-,123", undefined],
      ["1,,234", undefined],
      ["1,234,", undefined],
      ["1,234.567", undefined],
      ["1.234,5", undefined],
      ["1,234.5,678", undefined],
      ["0.1,234", undefined],
      ["0,123", undefined],
      ["-0,123", undefined],
      ["1,000,000", "1000000.00"],
      ["1 234", undefined],
      ["1,234e2", undefined],
      ["", null],
    ],
  ],
  [
    { type: "decimal(18,2)", thousands: ".", decimal: "," },
    [
      ["1.234,5", "1234.50"],
      ["1234,5", "1234.50"],
      ["1,5", "1.50"],
      ["1.5", undefined],
      ["0.125", undefined],
      ["1.234.567,89", "1234567.89"],
      ["1,234.5", undefined],
    ],
  ],
  [
    { type: "decimal(18,2)", decimal: "," },
    [
      ["1234,5", "1234.50"],
      ["1234.5", undefined],
      ["1.234,5", undefined],
      ["1,2,3", undefined],
    ],
  ],
  [
    { type: "decimal(18,2)", thousands: "'" },
    [
      ["1'234.5", "1234.50"],
      ["1’234.5", undefined],
    ],
  ],
  [
    { type: "decimal(18,2)", thousands: " ", decimal: "," },
    [
      ["1 234,5", "1234.50"],
      ["1\u00a0234,5", undefined],
      ["1  234", undefined],
    ],
  ],
  [
    { type: "decimal(18,2)", thousands: "\u00a0", decimal: "," },
    [
      ["1\u00a0234,5", "1234.50"],
      ["1 234,5", undefined],
    ],
  ],
  [
    { type: "decimal(18,2)", thousands: "\u202f", decimal: "," },
    [
      ["1\u202f234,5", "1234.50"],
      ["1 234,5", undefined],
    ],
  ],
  [
    { type: "int", thousands: "." },
    [
      ["2.147.483.647", "2147483647"],
      ["2.147.483.648", undefined],
      ["1.5", undefined],
      ["-1.000", "-1000"],
    ],
  ],
  [
    { type: "bigint", thousands: "," },
    [
      ["-9,223,372,036,854,775,808", "-9223372036854775808"],
      ["9,223,372,036,854,775,808", undefined],
      ["1,000.0", undefined],
    ],
  ],
  [
    { type: "float", thousands: ".", decimal: "," },
    [
      ["1.234,5", "1234.5"],
      ["1,5E3", "1500"],
      ["-0,0", "0"],
      ["1e1.000", undefined],
      ["1e999", undefined],
    ],
  ],
  [
    { type: "decimal(10,4)", percent: true },
    [
      ["12.5%", "0.1250"],
      ["12.5 %", "0.1250"],
      ["-0.07%", "-0.0007"],
      ["12.505%", undefined],
      ["12.5", undefined],
      ["0.125", undefined],
      ["%", undefined],
      ["12%%", undefined],
      ["12% 3", undefined],
      ["%12", undefined],
      ["99999999.99%", "999999.9999"],
      ["100000000%", undefined],
      ["", null],
    ],
  ],
  [
    { type: "decimal(35,12)", percent: true, thousands: ".", decimal: "," },
    [
      ["1.234,5%", "12.345000000000"],
      [`${"9".repeat(25)},${"9".repeat(10)}%`, `${"9".repeat(23)}.${"9".repeat(12)}`],
    ],
  ],
  [
    { type: "float", percent: true },
    [
      ["0.7%", "0.007"],
      ["12.5 %", "0.125"],
      ["29%", "0.29"],
      ["1e1%", undefined],
      ["1", undefined],
    ],
  ],
];

/** What qt.configure and the schema refuse alike. */
const senseless: readonly WrittenAs[] = [
  { type: "date", format: "dd/MM/yy" },
  { type: "date", format: "dd/MM" },
  { type: "date", format: "dd/MM/yyyy HH:mm" },
  { type: "date", format: "DD/MM/YYYY" },
  { type: "date", format: "dMyyyy" },
  { type: "date", format: "dd\\MM\\yyyy" },
  { type: "date", format: "dd/dd/MM/yyyy" },
  { type: "date", format: " dd/MM/yyyy" },
  { type: "date", format: "dd/MM/yyyy 0" },
  { type: "date", format: `dd/MM/yyyy${"-".repeat(31)}` },
  { type: "datetime2", format: "dd/MM/yyyy hh:mm tt" },
  { type: "datetime2", format: "dd/MM/yyyy HH" },
  { type: "datetime2", format: "dd/MM/yyyy mm:ss" },
  { type: "datetime2", format: "fff dd/MM/yyyy HH:mm:ss" },
  { type: "decimal(18,2)", format: "dd/MM/yyyy" },
  { type: "text", format: "dd/MM/yyyy" },
  { type: "date", thousands: "," },
  { type: "date", format: "dd/MM/yyyy", decimal: "," },
  { type: "bit", percent: true },
  { type: "int", percent: true },
  { type: "decimal(18,1)", percent: true },
  { type: "decimal(36,9)", percent: true },
  { type: "decimal(18,2)", thousands: "." },
  { type: "decimal(18,2)", thousands: ",", decimal: "," },
  { type: "int", thousands: ",", decimal: "," },
];

describe("formats of texts", () => {
  const warehouse = useWarehouse();
  let number = 0;
  const next = (types: Types, keyColumns: readonly string[] = ["id"]) => {
    number += 1;
    return { id: `d${number}`, table: `written_${number}`, keyColumns: [...keyColumns], types };
  };

  /** Loads the texts of each column twice, the second time in other places, and compares what landed with what they are. */
  async function lands(columns: readonly WrittenAs[], texts: readonly (readonly string[])[]): Promise<void> {
    const dataset = next(typesOf(columns));
    await warehouse().configure([dataset]);
    const header = ["id", ...columns.map((_, index) => `c${index}`)];
    const length = Math.max(...texts.map((one) => one.length));
    for (const turn of [0, 1]) {
      const cells = Array.from({ length }, (_, row) =>
        texts.map((one) => one[(row + turn) % one.length] ?? ""),
      );
      const loaded = await warehouse().load(
        dataset.id,
        { header, rows: cells.map((row, id) => [String(id), ...row]) },
        true,
      );
      const live = new Map((await warehouse().live(dataset.id)).map((row) => [row.id, row]));
      const expected = cells.map((row) =>
        row.map((text, at) => readAs(columns[at] ?? { type: "text" }, text)),
      );
      for (const [index, declared] of columns.entries())
        assert.deepEqual(
          cells.map((row, id) => [row[index], live.get(String(id))?.[`c${index}`]]),
          cells.map((row, id) => [row[index], expected[id]?.[index] ?? null]),
          JSON.stringify(declared),
        );
      const emptied = columns
        .map((_, index) => [`c${index}`, expected.filter((row) => row[index] === undefined).length] as const)
        .filter(([, count]) => count > 0);
      assert.deepEqual(loaded.emptied, emptied.length > 0 ? Object.fromEntries(emptied) : null, "emptied");
    }
  }

  it("are read as declared, and nothing else is", async () => {
    for (const [declared, cases] of conversions)
      assert.deepEqual(
        cases.map(([text]) => [text, readAs(declared, text)]),
        cases.map((one) => [...one]),
        JSON.stringify(declared),
      );
    await lands(
      conversions.map(([declared]) => declared),
      conversions.map(([, cases]) => cases.map(([text]) => text)),
    );
  });

  it("give back exactly the days and times that were written in them", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(dayFormats, { minLength: 8, maxLength: 12 }),
        fc.gen(),
        async (columns, g) => {
          const values = columns.map((declared) =>
            Array.from({ length: 8 }, () => g(writtenMoments, declared)),
          );
          for (const [index, declared] of columns.entries())
            for (const { text, value } of values[index] ?? [])
              assert.equal(readAs(declared, text), value, `${declared.format}: ${text}`);
          await lands(
            columns,
            values.map((one) => one.map(({ text }) => text)),
          );
        },
      ),
      { numRuns: 3, endOnFailure: true },
    );
  });

  it("never make another value of a text that is in another format, or spoilt", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(dayFormats, dayFormats, numberFormats, numberFormats), {
          minLength: 4,
          maxLength: 6,
        }),
        fc.gen(),
        async (drawn, g) => {
          const pairs = drawn.flatMap(([a, b, c, d]) => [[a, b] as const, [c, d] as const]);
          const textOf = (declared: WrittenAs) =>
            declared.format === undefined ? g(writtenNumbers, declared) : g(writtenMoments, declared).text;
          const texts = pairs.map(([own, other]) =>
            [
              textOf(own),
              textOf(other),
              g(spoilt, fc.constant(textOf(own))),
              g(spoilt, fc.constant(textOf(own))),
              g(spoilt, fc.constant(textOf(other))),
            ].map(
              // Not every engine reads a text in the middle of two floats the same.
              (text) =>
                own.type === "float" && isBetweenFloats(text.replaceAll(/[^0-9.+-]/g, "")) ? "1" : text,
            ),
          );
          await lands(
            pairs.map(([own]) => own),
            texts,
          );
        },
      ),
      { numRuns: 4, endOnFailure: true },
    );
  });

  it("are named with a value that is not in them", async () => {
    const dataset = next({
      Day: { type: "date", format: "dd/MM/yyyy" },
      Sum: { type: "decimal(18,2)", thousands: "'" },
    });
    await warehouse().configure([dataset]);
    const load = (day: string, sum: string) =>
      warehouse().load(dataset.id, { header: ["id", "Day", "Sum"], rows: [["1", day, sum]] });
    await refuses(
      load("2024-02-29", "1,5"),
      "QT4015",
      /column "Day" is not date as dd\/MM\/yyyy; .*column "Sum" is not decimal\(18,2\) as 1'234\.5/,
    );
    assert.equal((await load("29/02/2024", "1'500")).inserted, 1);
    await refuses(load("29.02.2024", "1'500"), "QT4015", /column "Day"/);
  });

  it("may be those of key columns, also without a key", async () => {
    const types: Types = {
      day: { type: "date", format: "d/M/yyyy" },
      share: { type: "float", percent: true },
    };
    for (const keyColumns of [["day"], []]) {
      const dataset = next(types, keyColumns);
      await warehouse().configure([dataset]);
      const load = (...days: string[]) =>
        warehouse().load(dataset.id, { header: ["day", "share"], rows: days.map((day) => [day, "50%"]) });
      assert.equal((await load("1/2/2024", "2/1/2024")).inserted, 2);
      const again = await load("01/02/2024", "02/01/2024");
      assert.deepEqual([again.inserted, again.updated, again.deleted], [0, 0, 0]);
      if (keyColumns.length > 0) {
        await refuses(load("1/2/2024", "01/02/2024"), "QT4012", /2 times in lines 2 and 3/);
        await refuses(load("1/2/2024", ""), "QT4013");
      }
    }
  });

  it("change no row if only they change", async () => {
    const dataset = next({ day: { type: "date", format: "dd/MM/yyyy" } });
    const load = (text: string) =>
      warehouse().load(dataset.id, { header: ["id", "day"], rows: [["1", text]] });
    await warehouse().configure([dataset]);
    await load("29/02/2024");
    const before = await warehouse().changes(dataset.id);
    await warehouse().configure([{ ...dataset, types: { day: { type: "date", format: "d.M.yyyy" } } }]);
    assert.deepEqual(await warehouse().changes(dataset.id), before);
    assert.equal((await load("29.2.2024")).updated, 0);
    await refuses(load("29/02/2024"), "QT4015");
    await warehouse().configure([{ ...dataset, types: { day: { type: "date" } } }]);
    assert.equal((await load("2024-02-29")).updated, 0);
  });

  it("do not take the plain form of what has landed for the same", async () => {
    const types: Types = {
      day: { type: "date", format: "dd/MM/yyyy", onError: "null" },
      sum: { type: "decimal(9,2)", decimal: ",", onError: "null" },
    };
    const dataset = next(types);
    await warehouse().configure([dataset]);
    const load = (day: string, sum: string) =>
      warehouse().load(dataset.id, { header: ["id", "day", "sum"], rows: [["1", day, sum]] });
    await load("29/02/2024", "7,50");
    const { updated, emptied } = await load("2024-02-29", "7.50");
    assert.deepEqual([updated, emptied], [1, { day: 1, sum: 1 }]);
    assert.deepEqual(await warehouse().live(dataset.id), [{ id: "1", day: null, sum: null }]);
    assert.deepEqual((await load("", " ")).emptied, null, "a blank is no value");
  });

  it("say how landed text becomes another type", async () => {
    const dataset = next({});
    const snapshot = {
      header: ["id", "day", "sum"],
      rows: [
        ["1", "29/02/2024", "1.234,5"],
        ["2", "", null],
      ],
    };
    await warehouse().configure([dataset]);
    await warehouse().load(dataset.id, snapshot);
    const as = (types: Types) => warehouse().configure([{ ...dataset, types }]);
    await refuses(as({ day: { type: "date" } }), "QT4024");
    await refuses(as({ day: { type: "date", format: "MM/dd/yyyy" } }), "QT4024");
    const types: Types = {
      day: { type: "date", format: "dd/MM/yyyy" },
      sum: { type: "decimal(10,2)", thousands: ".", decimal: "," },
    };
    await as(types);
    const values = async () =>
      (await warehouse().live(dataset.id)).map(({ id, day, sum }) => [id, day, sum]).sort();
    assert.deepEqual(await values(), [
      ["1", "2024-02-29", "1234.50"],
      ["2", null, null],
    ]);
    assert.equal((await warehouse().load(dataset.id, snapshot)).updated, 0);
    // What has landed is in the plain form, whatever the format.
    await as({ day: { type: "datetime2", format: "dd/MM/yyyy" }, sum: { type: "float", decimal: "," } });
    assert.deepEqual(await values(), [
      ["1", "2024-02-29T00:00:00.000", "1234.5"],
      ["2", null, null],
    ]);
  });

  it("are refused if they make no sense, by the schema too, and nothing changes", async () => {
    for (const declared of senseless) {
      assert.ok(formatMistake(declared), JSON.stringify(declared));
      await refuses(warehouse().configure([next({ c: declared } as Types)]), "QT4027", /Column "c"/);
    }
    const letters = fc.stringMatching(/^(yyyy|M{1,3}|d{1,2}|H{1,2}|mm|ss|fff|y|[ /:.TZht0]){1,8}$/);
    const declared = fc.oneof(
      fc.record({ type: fc.constantFrom("date", "datetime2"), format: letters }),
      dayFormats,
      numberFormats,
      fc.record(
        {
          type: fc.constantFrom("int", "decimal(9,1)", "decimal(36,4)", "float", "date"),
          thousands: fc.constantFrom(",", "."),
          decimal: fc.constantFrom(",", "."),
          percent: fc.boolean(),
        },
        { requiredKeys: ["type"] },
      ),
    );
    await fc.assert(
      fc.asyncProperty(declared, async (one) => {
        const configured = warehouse().configure([next({ c: one } as Types)]);
        if (formatMistake(one) === undefined) await configured;
        else await refuses(configured, "QT4027");
      }),
      { numRuns: 60 },
    );
  });

  it("cost no more names of a statement than qt.configure counts, on SQL Server", async function () {
    const { driver } = warehouse();
    if (driver.engine !== "sqlserver") skip(this, "PostgreSQL has no such limit");
    const counted = [
      ["date", "d/M/yyyy", 42 * 4],
      ["date", "dd-MMM-yyyy", 42],
      ["datetime2", "dd/MM/yyyy HH:mm:ss.fff", 42],
      ["datetime2", "d MMM yyyy H:mm:ss.fff", 42 * 4],
      ["datetime2", "d/M/yyyy H:mm:ss.fff", 42 * 8],
      ["int", "1,234", 60],
      ["bigint", "1.234", 60],
      ["decimal(38,9)", "1.234,5", 90],
      ["decimal(35,9)", "1.234,5%", 150],
      ["float", "1.234,5", 90],
      ["float", "1.234,5%", 150],
    ] as const;
    const rows: string[] = [];
    const over: string[] = [];
    for (const [type, format, most] of counted) {
      const [row] = await driver.query(
        `select qt.formatted_value_sql('${type}', '${format}', 's.[x]') as sql`,
      );
      // A column without a type has six names, which the procedure takes off the whole.
      const { names } = statementSize(`select ${String(row?.sql)} as [y] from t s`);
      if (names > most + 6) over.push(`${type} as ${format}: ${names} names, counted as ${most}`);
      rows.push(`| ${type} as \`${format}\` | ${names} |`);
    }
    assert.deepEqual(over, []);
    const listed = documented.split("\n").filter((line) => / as `.*` \| \d+ \|$/.test(line));
    assert.deepEqual(listed, rows, "docs/sql-server-limits.md");
  });

  it("are refused if there are more than one statement can hold", async () => {
    const wide = (count: number, declared: WrittenAs) =>
      next(typesOf(new Array<WrittenAs>(count).fill(declared)));
    for (const [count, declared] of [
      [175, { type: "datetime2", format: "d/M/yyyy H:mm:ss" }],
      [983, { type: "bigint", thousands: "," }],
      [393, { type: "float", percent: true }],
      [655, { type: "decimal(18,2)", thousands: ".", decimal: "," }],
    ] as const) {
      await warehouse().configure([wide(count, declared)]);
      await refuses(
        warehouse().configure([wide(count + 1, declared)]),
        "QT4028",
        new RegExp(`${count + 1} columns`),
      );
    }
    await warehouse().configure([wide(1016, { type: "datetime2", format: "yyyy/MM/dd HH:mm:ss" })]);
  });
});
