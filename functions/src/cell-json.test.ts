import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { COLUMN_TYPES } from "../../infra/dataset-schema";
import { cellJson, quote } from "./cell-json";

describe("the JSON of a cell", () => {
  const forms: [type: string, text: string, json: string | undefined][] = [
    ["text", "", '""'],
    ["text", '"\\/\b\n\u0000\u001f é € \u{1f600}', '"\\"\\\\/\\b\\n\\u0000\\u001f é € \u{1f600}"'],
    ["text", "lone \ud800", '"lone \\ud800"'],
    ["int", "-2147483648", "-2147483648"],
    ["int", "0", "0"],
    ["int", "9007199254740991", "9007199254740991"],
    ["int", "9007199254740992", undefined],
    ["int", "007", undefined],
    ["int", "7 ", undefined],
    ["int", "+7", undefined],
    ["int", "1e3", undefined],
    ["int", "", undefined],
    ["bigint", "9223372036854775807", '"9223372036854775807"'],
    ["decimal(38,10)", "-0.1000000000", '"-0.1000000000"'],
    ["float", "1", "1.0"],
    ["float", "-0", "-0.0"],
    ["float", "2E+3", "2000.0"],
    ["float", "1e+15", "1000000000000000.0"],
    ["float", "1E+20", "100000000000000000000.0"],
    ["float", "1e+21", "1e+21"],
    ["float", "9007199254740993", "9007199254740992.0"],
    ["float", "4.9406564584124654e-324", "5e-324"],
    ["float", "1.7976931348623157e308", "1.7976931348623157e+308"],
    ["float", "0.1", "0.1"],
    ["float", "NaN", undefined],
    ["float", "Infinity", undefined],
    ["float", " ", undefined],
    ["float", "1e309", undefined],
    ["FLOAT", "1.50", "1.5"],
    ["bit", "true", "true"],
    ["bit", "1", "true"],
    ["bit", "false", "false"],
    ["bit", "0", "false"],
    ["bit", "yes", undefined],
    ["date", "2026-02-28", '"2026-02-28"'],
    ["datetime2", "2026-02-28T23:59:59.123", '"2026-02-28T23:59:59.123Z"'],
    ["datetime2", "2026-02-28T23:59:59.123Z", '"2026-02-28T23:59:59.123Z"'],
  ];
  for (const [type, text, json] of forms) {
    it(`${type} ${JSON.stringify(text)} is ${json ?? "refused"}`, () =>
      assert.equal(cellJson(type)?.(text), json));
  }

  it("is the one of the examples in docs/fivetran.md, which names each type", () => {
    const page = readFileSync(join(__dirname, "..", "..", "docs", "fivetran.md"), "utf8");
    const rows = [...page.matchAll(/^\| `([^`]+)` \| [^|]+ \| (`[^|]+`) \|/gm)];
    const declared = COLUMN_TYPES.split(/, | or /).map((words) => words.split(" ")[0]);
    assert.deepEqual(rows.map(([, type]) => type).sort(), declared.sort());
    for (const [, type = "", examples = ""] of rows) {
      for (const [, json = ""] of examples.matchAll(/`([^`]+)`/g)) {
        const text = json.startsWith('"') ? String(JSON.parse(json)) : json;
        assert.equal(cellJson(type)?.(text), json, type);
      }
    }
  });

  it("knows no other type", () => {
    for (const type of ["money", "", " text", "constructor", "__proto__"])
      assert.equal(cellJson(type), undefined);
  });

  it("quotes every string as JSON does", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        assert.equal(quote(text), JSON.stringify(text));
      }),
    );
  });

  describe("a float", () => {
    /** Every finite double is as likely: its 64 bits are. */
    const bits = fc
      .bigInt({ min: 0n, max: 2n ** 64n - 1n })
      .map((pattern) => new Float64Array(BigUint64Array.of(pattern).buffer)[0] ?? 0)
      .filter(Number.isFinite);
    const whole = fc
      .tuple(fc.maxSafeInteger(), fc.nat({ max: 290 }))
      .map(([digits, power]) => digits * 10 ** power);
    const double = fc.oneof(bits, fc.double({ noNaN: true, noDefaultInfinity: true }), whole, fc.integer());
    const examples: [number][] = [
      [0],
      [-0],
      [1],
      [-1],
      [5e-324],
      [2 ** 53],
      [2 ** 53 + 2],
      [1e20],
      [1e21],
      [1e308],
    ];
    const jsonOf = (text: string) => cellJson("float")?.(text) ?? "";

    it("is JSON for the same double", () => {
      fc.assert(
        fc.property(double, (number) => {
          const json = jsonOf(Object.is(number, -0) ? "-0" : String(number));
          assert.match(json, /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:e[+-]\d+)?$/);
          assert.ok(Object.is(JSON.parse(json), number), json);
        }),
        { numRuns: 2000, examples },
      );
    });

    it("never looks like an integer, from which Fivetran would make an integer's column", () => {
      fc.assert(
        fc.property(double, (number) => assert.match(jsonOf(String(number)), /[.e]/)),
        { numRuns: 2000, examples },
      );
    });

    it("has one form, however the database spells the double", () => {
      const spellings = (number: number) => [
        number.toExponential(),
        number.toExponential().toUpperCase(),
        number.toPrecision(17),
        ` ${number}`,
      ];
      fc.assert(
        fc.property(double, (number) => {
          for (const text of spellings(number)) assert.equal(jsonOf(text), jsonOf(String(number)), text);
        }),
        { examples: examples.filter(([number]) => !Object.is(number, -0)) },
      );
    });
  });
});
