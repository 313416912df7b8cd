import assert from "node:assert/strict";
import { text } from "node:stream/consumers";
import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { bordereau, claimsNotes, declaredTypes, sampleDatasets } from "./columns";
import { type SnapshotOptions, snapshot } from "./snapshot";

/** Parses like a reader that distinguishes an empty cell from a quoted empty one. */
function parseCsv(csv: string): (string | null)[][] {
  return parse(csv, {
    cast: (value, context) => (value === "" && !context.quoting ? null : value),
    record_delimiter: "\r\n",
  });
}

const options = fc.record({
  seed: fc.integer({ min: 0, max: 2 ** 31 }),
  rows: fc.integer({ min: 0, max: 700 }),
  generation: fc.integer({ min: 0, max: 4 }),
});

const keyOf = (row: (string | null)[]) => JSON.stringify([row[0], row[2]]);

async function byKey(snapshotOptions: SnapshotOptions): Promise<Map<string, string>> {
  const rows = [...snapshot(bordereau, snapshotOptions).rows()];
  return new Map(rows.map((row) => [keyOf(row), JSON.stringify(row)]));
}

describe("sample snapshot", () => {
  it("reads back as the rows that it was made from, for every dataset", async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...sampleDatasets), options, async (dataset, given) => {
        const made = snapshot(dataset, given);
        const [header, ...rows] = parseCsv(await text(made.csv()));
        assert.deepEqual(
          header,
          dataset.columns.map((column) => column.header),
        );
        assert.deepEqual(rows, [...made.rows()]);
        assert.equal(rows.length, made.manifest.rows);
      }),
      { numRuns: 25 },
    );
  });

  it("gives the same bytes for the same numbers, and different bytes for another seed", async () => {
    const given = { seed: 7, rows: 500, generation: 2 };
    const first = await text(snapshot(bordereau, given).csv());
    assert.equal(await text(snapshot(bordereau, given).csv()), first);
    assert.notEqual(await text(snapshot(bordereau, { ...given, seed: 8 }).csv()), first);
  });

  it("keeps keys unique and says exactly what changed, was deleted and was added", async () => {
    await fc.assert(
      fc.asyncProperty(options, async (given) => {
        const later = { ...given, generation: given.generation + 1 };
        const [before, after] = [await byKey(given), await byKey(later)];
        const made = snapshot(bordereau, later);
        assert.equal(after.size, made.manifest.rows, "keys are unique");
        const changed = [...after].filter(([key, row]) => before.has(key) && before.get(key) !== row);
        const added = [...after.keys()].filter((key) => !before.has(key));
        const deleted = [...before.keys()].filter((key) => !after.has(key));
        const { generation, rows: _rows, ...counts } = made.manifest;
        assert.equal(generation, later.generation);
        assert.deepEqual(counts, { changed: changed.length, deleted: deleted.length, added: added.length });
        const touched = [...made.touched()].map((row) => keyOf(row)).sort();
        assert.deepEqual(touched, [...changed.map(([key]) => key), ...added].sort());
      }),
      { numRuns: 25 },
    );
  });

  it("changes 1 %, deletes 0.5 % and adds 0.5 %", () => {
    const { manifest } = snapshot(bordereau, { seed: 1, rows: 20_000, generation: 1 });
    assert.deepEqual(manifest, { generation: 1, rows: 20_000, changed: 200, deleted: 100, added: 100 });
  });

  it("contains the oddities of real bordereaux", async () => {
    const made = snapshot(bordereau, { seed: 1, rows: 5_000, generation: 0 });
    const csv = await text(made.csv());
    const cells = [...made.rows()].flat();
    for (const [name, wanted] of Object.entries({
      quote: /""/,
      "line break in quotes": /"[^"]*\r?\n[^"]*"/,
      "lone carriage return in quotes": /"line one\rline two"/,
      "quoted empty cell": /,"",/,
      "four-byte character": /\u{1F6A2}/u,
      "three-byte character": /東京/,
      "38-digit decimal": /,-?\d{28}\.\d{10},/,
    })) {
      assert.match(csv, wanted, name);
    }
    assert.ok(cells.includes(""), "an empty text");
    assert.ok(cells.includes(null), "a missing value");
    assert.ok(
      cells.some((value) => value !== null && /^0\d{9}$/.test(value)),
      "leading zeros",
    );
  });

  it("writes a typed cell exactly as the change feed does", () => {
    const forms: Record<string, RegExp> = {
      text: /^/,
      int: /^\d+$/,
      bigint: /^9\d{18}$/,
      float: /^(0|[1-9]\d*)(\.\d*[1-9])?$/,
      bit: /^(true|false)$/,
      date: /^\d{4}-\d\d-\d\d$/,
      datetime2: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}$/,
      "decimal(38,10)": /^-?(0|[1-9]\d{0,27})\.\d{10}$/,
      "decimal(38,2)": /^-?(0|[1-9]\d{0,35})\.\d\d$/,
      "decimal(19,9)": /^-?(0|[1-9]\d{0,9})\.\d{9}$/,
      "decimal(18,2)": /^-?(0|[1-9]\d{0,15})\.\d\d$/,
    };
    for (const dataset of sampleDatasets) {
      for (const row of snapshot(dataset, { seed: 3, rows: 2_000, generation: 1 }).rows()) {
        for (const [i, { header, type }] of dataset.columns.entries()) {
          if (row[i] !== null) assert.match(row[i] ?? "", forms[type] ?? /no form for this type/, header);
        }
      }
    }
  });

  it("repeats whole rows in the keyless dataset", () => {
    const rows = [...snapshot(claimsNotes, { seed: 1, rows: 400, generation: 0 }).rows()].map((row) =>
      JSON.stringify(row),
    );
    assert.equal(rows.length - new Set(rows).size, 10);
  });

  it("declares a type for every column that is not text, key columns among the headers", () => {
    assert.equal(
      Object.keys(declaredTypes(bordereau)).length,
      bordereau.columns.filter((c) => c.type !== "text").length,
    );
    const headers = bordereau.columns.map((column) => column.header);
    assert.equal(new Set(headers).size, headers.length);
    for (const key of bordereau.keyColumns) assert.ok(headers.includes(key));
    assert.ok(headers.length >= 24);
  });

  it("refuses meaningless numbers", () => {
    assert.throws(
      () => snapshot(bordereau, { seed: 1, rows: -1, generation: 0 }),
      /rows must be a whole number/,
    );
    assert.throws(
      () => snapshot(bordereau, { seed: 1, rows: 1, generation: 1.5 }),
      /generation must be a whole number/,
    );
  });
});
