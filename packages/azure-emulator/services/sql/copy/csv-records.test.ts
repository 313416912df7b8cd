import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { stringify } from "csv-stringify/sync";
import fc from "fast-check";
import { CodedError } from "../../../../kit/errors/coded-error";
import { EmulatorError } from "../../../errors/emulator-error";
import { checkedRecords } from "./checked-records";
import { type CsvRecord, csvRecords } from "./csv-records";

const header = (columns: number, lines = 1) => ({
  columns: Array.from({ length: columns }, (_, index) => `c${index}`),
  length: 0,
  lines,
});

/** Reads the bytes in pieces, cut at these places. */
function read(bytes: Buffer, columns: number, cuts: readonly number[] = [], lines = 1): Promise<CsvRecord[]> {
  const ends = [...cuts.map((at) => at % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  const pieces = ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end));
  const given = header(columns, lines);
  return Readable.from(csvRecords(given, checkedRecords(given, Readable.from(pieces)))).toArray();
}

const text = (csv: string, columns: number) => read(Buffer.from(csv), columns);

describe("csvRecords", () => {
  it("reads back what a CSV writer wrote, however the stream is cut", async () => {
    const cell = fc.oneof(
      fc.string({ unit: "grapheme" }).map((value) => value.replaceAll("\0", "")),
      fc.constantFrom("", "\\.", "\\N", '"', '""', ",", "\n", "\r", "\r\n", " x ", "é", "保険", "😀"),
      fc.constant(null),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(cell, cell, cell), { minLength: 1, maxLength: 10 }),
        fc.constantFrom("\n", "\r\n"),
        fc.boolean(),
        fc.array(fc.nat(5000)),
        async (given, lineEnd, ended, cuts) => {
          const csv = stringify(given, {
            record_delimiter: lineEnd,
            cast: { string: (value) => ({ value, quoted: true, quoted_empty: true }) },
            eof: ended,
          });
          assert.deepEqual(await read(Buffer.from(csv), 3, cuts), given);
        },
      ),
      { numRuns: 500 },
    );
  });

  it("distinguishes an empty cell from an empty text", async () => {
    assert.deepEqual(await text('a,,""\n,"",\n', 3), [
      ["a", null, ""],
      [null, "", null],
    ]);
  });

  it("reads an empty line of a one-column file as NULL, and the end of the file as no record", async () => {
    assert.deepEqual(await text("1\n\n", 1), [["1"], [null]]);
    assert.deepEqual(await text('1\n""', 1), [["1"], [""]]);
    assert.deepEqual(await text("", 1), []);
  });

  it("reads any kind of line break, also several kinds in one file", async () => {
    for (const end of ["\n", "\r\n", "\r"])
      for (const other of ["\n", "\r\n", "\r"])
        assert.deepEqual(await text(`1,2${end}3,"4"${other}5,6${end}`, 2), [
          ["1", "2"],
          ["3", "4"],
          ["5", "6"],
        ]);
  });

  const malformed: Record<string, [Buffer, string, number]> = {
    "too many values": [Buffer.from("1,2\n1,2,secret\n"), "QT6112", 3],
    "too few values": [Buffer.from('1,2\n"x\ny",2\nsecret\n'), "QT6113", 5],
    "an empty line": [Buffer.from("1,2\n\n3,4\n"), "QT6113", 3],
    "an unclosed quote, at the line of its record": [
      Buffer.from('1,2\n"a\n\n",2\n3,"secret\n4,5\n'),
      "QT6114",
      6,
    ],
    "a bare CR that leaves two parts of a row": [Buffer.from("1,2\r\n3\r4\r\n"), "QT6113", 3],
    "bytes that are not UTF-8": [Buffer.from("1,2\n\xe4,4\n", "latin1"), "QT6115", 3],
    "a zero byte": [Buffer.from('1,2\n3,"4"\0\n'), "QT6115", 3],
    "a quote in the middle of a value": [Buffer.from('1,2\n3,secret"4"\n'), "QT6115", 3],
    "a quoted value with a tail": [Buffer.from('1,2\n3,"4"secret\n'), "QT6115", 3],
    "half a character at the end": [Buffer.from([0x31, 0x2c, 0xf0, 0x9f]), "QT6115", 2],
  };
  for (const [name, [bytes, code, line]] of Object.entries(malformed)) {
    it(`refuses ${name}, with the line and without a value, wherever it is cut`, async () => {
      for (let cut = 0; cut <= bytes.length; cut++) {
        await assert.rejects(read(bytes, 2, [cut]), (error) => {
          assert.ok(error instanceof CodedError, String(error));
          assert.equal(error.code, code);
          assert.match(error.message, new RegExp(`line ${line}\\b`));
          assert.doesNotMatch(error.message, /secret/);
          return true;
        });
      }
    });
  }

  it("counts the header's lines and line breaks in quotes: a CRLF as one, a bare CR as none", async () => {
    await assert.rejects(read(Buffer.from("1\n"), 2, [], 3), /line 4 /);
    await assert.rejects(text('1,2\r\n"a\r\n\r\nb\rc",2\r\n1\r\n', 2), /line 6 /);
  });

  it("reads only as far as its reader asks, and closes its source at the end", async () => {
    let pieces = 0;
    let ended = (): void => undefined;
    const end = new Promise<void>((resolve) => {
      ended = resolve;
    });
    async function* source() {
      try {
        for (; pieces < 100; pieces++) yield Buffer.from("1,2\n".repeat(4000));
      } finally {
        ended();
      }
    }
    for await (const record of csvRecords(header(2), source())) {
      assert.deepEqual(record, ["1", "2"]);
      for (let turn = 0; turn < 200; turn++) await new Promise((resolve) => setImmediate(resolve));
      break;
    }
    assert.ok(pieces < 20, `${pieces} pieces`);
    await end;
  });

  it("passes on its source's error", async () => {
    const cause = new EmulatorError("QT6116", { bytes: 4, reason: "socket hang up" });
    async function* broken() {
      yield Buffer.from("1,2\n");
      throw cause;
    }
    await assert.rejects(Readable.from(csvRecords(header(2), broken())).toArray(), cause);
  });
});
