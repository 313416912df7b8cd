import assert from "node:assert/strict";
import { formatMistake, type WrittenAs, writtenAs } from "./column-format";

describe("the format of a column", () => {
  const taken: readonly WrittenAs[] = [
    { type: "text" },
    ...["dd/MM/yyyy", "d.M.yyyy", "MMM d, yyyy", "yyyyMMdd", "yyyy年M月d日"].map((format) => ({
      type: "date",
      format,
    })),
    ...["dd/MM/yyyy HH:mm", "yyyy-MM-ddTHH:mm:ss.fff", "H:mm d/M/yyyy", "dd.MM.yyyy"].map((format) => ({
      type: "datetime2",
      format,
    })),
    { type: "int", thousands: "." },
    { type: "bigint", thousands: " ", decimal: "," },
    { type: "decimal(35,2)", percent: true },
    { type: "float", thousands: ",", percent: true },
    { type: "date", percent: false },
  ];
  const refused: readonly (readonly [WrittenAs, string, RegExp])[] = [
    [{ type: "decimal(18,2)", format: "dd/MM/yyyy" }, "format", /^date or datetime2, not decimal\(18,2\)$/],
    [{ type: "date", format: "dd/MM/yy" }, "format", /^a year of four digits/],
    [{ type: "date", format: "DD/MM/YYYY" }, "format", /other letters of such notations/],
    [{ type: "datetime2", format: "dd/MM/yyyy hh:mm tt" }, "format", /other letters/],
    [
      { type: "date", format: "dd/MM/yyyy 0" },
      "format",
      /digits and backslashes cannot stand for themselves/,
    ],
    [{ type: "date", format: "dd\\MM\\yyyy" }, "format", /backslashes/],
    [{ type: "date", format: "dd/MM/yyyy 😀" }, "format", /cannot stand/],
    [{ type: "date", format: "MM/yyyy" }, "format", /a day \(dd or d\), each once/],
    [{ type: "date", format: "dd/MM/MMM/yyyy" }, "format", /each once/],
    [{ type: "datetime2", format: "dd/MM/yyyy HH:mm:mm" }, "format", /^each part once$/],
    [{ type: "date", format: "dd/MM/yyyy HH:mm" }, "format", /no time in a date/],
    [{ type: "datetime2", format: "dd/MM/yyyy HH" }, "format", /hours .* and minutes/],
    [{ type: "datetime2", format: "dd/MM/yyyy mm:ss" }, "format", /hours .* and minutes/],
    [{ type: "datetime2", format: "dd/MM/yyyy HH:mm fff" }, "format", /then ss, then fff/],
    [{ type: "datetime2", format: "HH:mm:ss.fff dd/MM/yyyy" }, "format", /^fff at the end$/],
    [{ type: "date", format: "dMyyyy" }, "format", /after M, d or H/],
    [{ type: "date", format: " dd/MM/yyyy" }, "format", /without blanks/],
    [{ type: "date", format: `dd/MM/yyyy${"-".repeat(31)}` }, "format", /^1 to 40 characters/],
    [{ type: "date", thousands: "," }, "thousands", /^a number, not date$/],
    [{ type: "text", decimal: "," }, "decimal", /^a number, not text$/],
    [{ type: "bit", percent: true }, "percent", /^float or decimal/],
    [{ type: "int", percent: true }, "percent", /^float or decimal/],
    [{ type: "decimal(36,2)", percent: true }, "percent", /p up to 35/],
    [{ type: "decimal(9,1)", percent: true }, "percent", /s from 2/],
    [{ type: "int", thousands: ",", decimal: "," }, "thousands", /another sign/],
  ];

  for (const declared of taken)
    it(`may be ${JSON.stringify(declared)}`, () => assert.equal(formatMistake(declared), undefined));
  for (const [declared, setting, expected] of refused)
    it(`is refused as ${JSON.stringify(declared)}`, () => {
      const [at, words = ""] = formatMistake(declared) ?? [];
      assert.equal(at, setting);
      assert.match(words, expected);
    });

  it("is shown as a sample, and not at all if it is the plain form", () => {
    const shown = (declared: WrittenAs) => writtenAs(declared);
    assert.equal(shown({ type: "date", format: "d.M.yyyy" }), "d.M.yyyy");
    assert.equal(shown({ type: "decimal(9,2)", thousands: "'", percent: true }), "1'234.5%");
    assert.equal(shown({ type: "float", decimal: "," }), "1234,5");
    assert.equal(shown({ type: "int", thousands: "." }), "1.234");
    for (const plain of [{ decimal: "." }, {}, { percent: false }])
      assert.equal(shown({ type: "float", ...plain }), undefined);
    assert.equal(shown({ type: "int", decimal: "," }), undefined);
  });
});
