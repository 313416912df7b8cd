import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { stringify } from "csv-stringify/sync";
import fc from "fast-check";
import { CodedError } from "../../../../kit/errors/coded-error";
import { checkedRecords } from "./checked-records";

const columns = ["id", "size", "note"];

/** Checks the bytes in pieces, cut at these places. */
async function check(bytes: Buffer, cuts: readonly number[] = [], lines = 1): Promise<string> {
  const ends = [...cuts.map((at) => at % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  const pieces = ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end));
  const checked = checkedRecords({ columns, length: 0, lines }, Readable.from(pieces));
  return Buffer.concat(await Readable.from(checked).toArray()).toString();
}

describe("checkedRecords", () => {
  it("passes on what a CSV writer wrote, with a line feed for each line break outside quotes, however the stream is cut", async () => {
    const cell = fc.oneof(
      fc.string({ unit: "grapheme" }).map((value) => value.replaceAll("\0", "")),
      fc.constantFrom("", '"', '""', ",", "\n", "\r", "\r\n", "é", "保険"),
    );
    const lineBreak = fc.constantFrom("\n", "\r\n", "\r");
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.tuple(cell, cell, cell), lineBreak), { minLength: 1, maxLength: 10 }),
        fc.array(fc.nat(2000)),
        async (given, cuts) => {
          const write = (end?: string) =>
            given
              .map(([cells, own]) =>
                stringify([cells], {
                  record_delimiter: end ?? own,
                  // By default the writer leaves a line break of another kind bare.
                  quoted_match: /[\r\n]/,
                  quoted_empty: true,
                }),
              )
              .join("");
          assert.equal(await check(Buffer.from(write()), cuts), write("\n"));
        },
      ),
      { numRuns: 500 },
    );
  });

  it("passes on empty lines and a last record without a line break", async () => {
    assert.equal(await check(Buffer.from("\n\r\n\r\r1,2,3")), "\n\n\n\n1,2,3");
    assert.equal(await check(Buffer.from('1,2,"3"')), '1,2,"3"');
  });

  const refused: Record<string, [string, RegExp]> = {
    "inches in a bare value": ['1,5" pipe,x\n', /^.*line 2 .*value of column 2 \(`size`\) has a quote, but/],
    "a quoted word before a bare one": [
      '1,"Smith" & Co,x\n',
      /line 2 .*column 2 \(`size`\) has text after its/,
    ],
    "JSON that is not quoted": ['1,2,{"duck": 2}\n', /line 2 .*column 3 \(`note`\) has a quote, but/],
    "a blank before a quote": ['1, "2",3\n', /line 2 .*column 2 \(`size`\) has a quote, but/],
    "the third line of a value": ['1,2,3\r\n4,"a\r\nb\nc" d,5\n', /line 5 .*column 2 \(`size`\) has text/],
    "a value beyond the header": ['1,2,3,4"\n', /line 2 .*value of column 4 has a quote, but/],
    "a zero byte": ["1,2,3\n4,5,\0\n", /line 3 .*column 3 \(`note`\) has a zero byte \(NUL\)/],
    "a zero byte in quotes": ['1,"\n\0",3\n', /line 3 .*column 2 \(`size`\) has a zero byte \(NUL\)/],
    "a record after plain ones": [`${"1,2,3\n".repeat(5)}4,5,6"\n`, /line 7 .*column 3 \(`note`\)/],
  };
  for (const [name, [text, message]] of Object.entries(refused)) {
    it(`refuses ${name}, with line and column, wherever it is cut`, async () => {
      const bytes = Buffer.from(text);
      for (let cut = 0; cut <= bytes.length; cut++)
        await assert.rejects(check(bytes, [cut]), (error) => {
          assert.ok(error instanceof CodedError, String(error));
          assert.equal(error.code, "QT6115");
          assert.match(error.message, message);
          return true;
        });
    });
  }

  it("refuses an unclosed quote, with the line on which its record begins", async () => {
    await assert.rejects(check(Buffer.from('1,2,3\r\n4,5,"6\n7,8,9\n'), [], 2), {
      code: "QT6114",
      message: /record begins at line 4/,
    });
    assert.equal(await check(Buffer.from('1,2,"3"')), '1,2,"3"');
  });
});
