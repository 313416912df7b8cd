import assert from "node:assert/strict";
import { Readable } from "node:stream";
import fc from "fast-check";
import type { CsvReading } from "../sql-service";
import { type CsvRecord, csvRecords } from "./csv-records";
import { CsvSource } from "./csv-source";

const lenient: CsvReading = { shortRow: "filledWithNull", badUtf8: "replaced" };

/** Header and records of a CSV in pieces, cut at these places. */
async function read(
  bytes: Buffer,
  reading: CsvReading,
  cuts: readonly number[] = [],
): Promise<{ columns: readonly string[]; records: CsvRecord[]; bytes: number }> {
  const ends = [...cuts.map((at) => at % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  const pieces = ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end));
  const source = new CsvSource(Readable.from(pieces), reading);
  const header = await source.header();
  assert.ok(header);
  const records = await Readable.from(csvRecords(header, source.records(header))).toArray();
  return { columns: header.columns, records, bytes: source.bytes };
}

describe("what becomes of a CSV that is not as it should be", () => {
  const cases: [what: string, csv: string | Buffer, records: CsvRecord[], refused: string][] = [
    [
      "a row that is cut short",
      "a,b,c\n1,2,3\n4,5",
      [
        ["1", "2", "3"],
        ["4", "5", null],
      ],
      "QT6113",
    ],
    [
      "a row of one value, with its line break",
      "a,b,c\n1\n2,3,4\n",
      [
        ["1", null, null],
        ["2", "3", "4"],
      ],
      "QT6113",
    ],
    [
      "a bare CR in a value",
      "a,b,c\n1,x\ry,2\n",
      [
        ["1", "x", null],
        ["y", "2", null],
      ],
      "QT6113",
    ],
    [
      "empty lines between rows",
      "a,b\n1,2\n\n\r\n3,4\n",
      [
        ["1", "2"],
        [null, null],
        [null, null],
        ["3", "4"],
      ],
      "QT6113",
    ],
    [
      "a short row after commas and lines in quotes",
      'a,b\n"1,\n""x""",2\n"3"\n',
      [
        ['1,\n"x"', "2"],
        ["3", null],
      ],
      "QT6113",
    ],
    [
      "bytes of Latin-1",
      Buffer.from("a,b\ncaf\xe9,\xfcber\n", "latin1"),
      [["caf\uFFFD", "\uFFFDber"]],
      "QT6115",
    ],
    [
      "half a character at the end",
      Buffer.from([0x61, 0x2c, 0x62, 0x0a, 0x31, 0x2c, 0xf0, 0x9f]),
      [["1", "\uFFFD"]],
      "QT6115",
    ],
  ];
  for (const [what, csv, records, refused] of cases) {
    it(`${what}: refused, or read, wherever it is cut`, async () => {
      const bytes = Buffer.from(csv);
      for (let cut = 0; cut <= bytes.length; cut++) {
        const found = await read(bytes, lenient, [cut]);
        assert.deepEqual([found.records, found.bytes], [records, bytes.length]);
        await assert.rejects(read(bytes, { shortRow: "refused", badUtf8: "refused" }, [cut]), {
          code: refused,
        });
      }
    });
  }

  it("a header that is not UTF-8 gets U+FFFD, UTF-16 is refused all the same", async () => {
    assert.deepEqual((await read(Buffer.from("\xe9,b\n1,2\n", "latin1"), lenient)).columns, ["\uFFFD", "b"]);
    for (const bytes of [Buffer.from("\uFEFFa,b\n1,2\n", "utf16le"), Buffer.from("a,b\n1,2\n", "utf16le")])
      for (let cut = 0; cut <= bytes.length; cut++)
        await assert.rejects(read(bytes, lenient, [cut]), { code: "QT6115" });
  });

  it("leaves out empty lines at the end, and refuses too many values", async () => {
    assert.deepEqual((await read(Buffer.from("a,b\n1,2\n\n\r\n"), lenient)).records, [["1", "2"]]);
    await assert.rejects(read(Buffer.from("a,b\n1,2,3\n"), lenient), { code: "QT6112" });
  });

  it("what is as it should be is read the same either way, however it is cut", async () => {
    const cell = fc.oneof(fc.string({ unit: "grapheme" }), fc.constantFrom("", ",", "\n", "é", "保険", "😀"));
    const quoted = cell.map((text) => `"${text.replaceAll("\0", "").replaceAll('"', '""')}"`);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(quoted, quoted, quoted), { minLength: 1 }),
        fc.array(fc.nat(3000)),
        async (rows, cuts) => {
          const csv = Buffer.from(`a,b,c\n${rows.map((row) => `${row.join(",")}\n`).join("")}`);
          const strict = await read(csv, { shortRow: "refused", badUtf8: "refused" });
          assert.deepEqual(await read(csv, lenient, cuts), strict);
        },
      ),
    );
  });
});
