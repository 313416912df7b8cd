import assert from "node:assert/strict";
import { stringify } from "csv-stringify/sync";
import fc from "fast-check";
import { QtError } from "../../../../errors/qt-error";
import { type CsvRecord, CsvRecords } from "./csv-records";

const header = (columns: number, lines = 1) => ({
  columns: Array.from({ length: columns }, (_, index) => `c${index}`),
  length: 0,
  lines,
});

/** Reads bytes that are cut at these places. */
function read(bytes: Buffer, columns: number, cuts: readonly number[] = [], lines = 1): CsvRecord[] {
  const records = new CsvRecords(header(columns, lines));
  const ends = [...cuts.map((at) => at % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return [
    ...ends.flatMap((end, index) => records.push(bytes.subarray(ends[index - 1] ?? 0, end))),
    ...records.end(),
  ];
}

const text = (csv: string, columns: number) => read(Buffer.from(csv), columns);

describe("CsvRecords", () => {
  it("reads back what a CSV writer wrote, however the stream is cut", () => {
    const cell = fc.oneof(
      fc.string({ unit: "grapheme" }),
      fc.constantFrom("", "\\.", "\\N", '"', '""', ",", "\n", "\r", "\r\n", " x ", "é", "保険", "😀"),
      fc.constant(null),
    );
    fc.assert(
      fc.property(
        fc.array(fc.tuple(cell, cell, cell), { minLength: 1, maxLength: 10 }),
        fc.constantFrom("\n", "\r\n"),
        fc.boolean(),
        fc.array(fc.nat(5000)),
        (given, lineEnd, ended, cuts) => {
          const csv = stringify(given, {
            record_delimiter: lineEnd,
            cast: { string: (value) => ({ value, quoted: true, quoted_empty: true }) },
            eof: ended,
          });
          assert.deepEqual(read(Buffer.from(csv), 3, cuts), given);
        },
      ),
      { numRuns: 500 },
    );
  });

  it("tells an empty cell from an empty text", () => {
    assert.deepEqual(text('a,,""\n,"",\n', 3), [
      ["a", null, ""],
      [null, "", null],
    ]);
  });

  it("takes an empty line of a file with one column for NULL, and no record for the end of the file", () => {
    assert.deepEqual(text("1\n\n", 1), [["1"], [null]]);
    assert.deepEqual(text('1\n""', 1), [["1"], [""]]);
    assert.deepEqual(text("", 1), []);
  });

  it("joins quoted and bare stretches of a cell", () => {
    assert.deepEqual(text('a"b,c"d,"e"f"g"\n', 2), [["ab,cd", "efg"]]);
  });

  it("reads any kind of line end, one a file", () => {
    for (const end of ["\n", "\r\n", "\r"])
      assert.deepEqual(text(`1,2${end}3,4${end}`, 2), [
        ["1", "2"],
        ["3", "4"],
      ]);
  });

  const malformed: Record<string, [Buffer, string, number]> = {
    "too many values": [Buffer.from("1,2\n1,2,secret\n"), "QT6112", 3],
    "too few values": [Buffer.from('1,2\n"x\ny",2\nsecret\n'), "QT6113", 5],
    "an empty line": [Buffer.from("1,2\n\n3,4\n"), "QT6113", 3],
    "a quote that does not close, where its record begins": [
      Buffer.from('1,2\n"a\n\n",2\n3,"secret\n4,5\n'),
      "QT6114",
      6,
    ],
    "line ends of two kinds": [Buffer.from("1,2\n3,4\r\n5,6\n"), "QT6115", 3],
    "a bare CR": [Buffer.from("1,2\r\n3,\r4\r\n"), "QT6115", 3],
    "bytes that are not UTF-8": [Buffer.from("1,2\n\xe4,4\n", "latin1"), "QT6115", 3],
    "half a character at the end": [Buffer.from([0x31, 0x2c, 0xf0, 0x9f]), "QT6115", 2],
  };
  for (const [name, [bytes, code, line]] of Object.entries(malformed)) {
    it(`refuses ${name}, with the line and no value, wherever it is cut`, () => {
      for (let cut = 0; cut <= bytes.length; cut++) {
        assert.throws(
          () => read(bytes, 2, [cut]),
          (error) => {
            assert.ok(error instanceof QtError, String(error));
            assert.equal(error.code, code);
            assert.match(error.message, new RegExp(`line ${line}\\b`));
            assert.doesNotMatch(error.message, /secret/);
            return true;
          },
        );
      }
    });
  }

  it("counts the header's lines", () => {
    assert.throws(() => read(Buffer.from("1\n"), 2, [], 3), /line 4 /);
  });
});
