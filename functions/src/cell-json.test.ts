import assert from "node:assert/strict";
import fc from "fast-check";
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
    ["float", "1E+20", "100000000000000000000"],
    ["float", "1.7976931348623157e308", "1.7976931348623157e+308"],
    ["float", "0.1", "0.1"],
    ["float", "NaN", undefined],
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

  it("writes every number so that it reads back as the same double", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (number) => {
        const json = cellJson("float")?.(String(number)) ?? "";
        assert.equal(Number(json), number === 0 ? 0 : number);
      }),
    );
  });
});
