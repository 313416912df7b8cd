import assert from "node:assert/strict";
import { stringify } from "csv-stringify/sync";
import fc from "fast-check";
import { CodedError } from "../../../../kit/errors/coded-error";
import { parseCsvHeader } from "./csv-header";

const name = fc
  .string({ unit: "grapheme", minLength: 1, maxLength: 20 })
  .filter((text) => text !== "" && !text.startsWith("\uFEFF"));
const refusedWith = (code: string) => (error: unknown) => error instanceof CodedError && error.code === code;

describe("parseCsvHeader", () => {
  it("reads any header that a CSV writer makes, and finds the first record", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(name, { minLength: 1, maxLength: 8 }),
        fc.constantFrom("\n", "\r\n"),
        fc.boolean(),
        (columns, lineEnd, mark) => {
          const line = `${mark ? "\uFEFF" : ""}${stringify([columns], { record_delimiter: lineEnd })}`;
          const header = parseCsvHeader(Buffer.from(`${line}1,2\n`), false);
          assert.deepEqual(header?.columns, columns);
          assert.equal(header?.length, Buffer.byteLength(line));
        },
      ),
    );
  });

  it("waits for more bytes wherever the header is cut", () => {
    const line = Buffer.from('a,"b ""x"", y\nz",é\r\n');
    for (let length = 0; length < line.length; length++) {
      assert.equal(parseCsvHeader(line.subarray(0, length), false), undefined, `cut at ${length}`);
    }
    assert.deepEqual(parseCsvHeader(line, false), {
      columns: ["a", 'b "x", y\nz', "é"],
      length: line.length,
      lines: 2,
    });
  });

  it("accepts a header without a line break at the end of the stream", () => {
    assert.deepEqual(parseCsvHeader(Buffer.from("a,b"), true)?.columns, ["a", "b"]);
  });

  it("returns undefined for an empty body, with or without a byte order mark", () => {
    assert.equal(parseCsvHeader(Buffer.alloc(0), true), undefined);
    assert.equal(parseCsvHeader(Buffer.from("\uFEFF"), true), undefined);
  });

  it("refuses UTF-16, with or without a byte order mark, and any other text that is not UTF-8", () => {
    const text = "Policy No,Net\r\n1,2\r\n";
    const little = Buffer.from(text, "utf16le");
    const big = Buffer.from(little).swap16();
    for (const bytes of [little, big]) {
      const marked = Buffer.concat([
        bytes === little ? Buffer.from([0xff, 0xfe]) : Buffer.from([0xfe, 0xff]),
        bytes,
      ]);
      for (const each of [bytes, marked]) {
        assert.throws(
          () => parseCsvHeader(each, false),
          (error) => refusedWith("QT6115")(error) && /UTF-16/.test(String(error)),
        );
      }
    }
    for (const bytes of [Buffer.from("Pr\u00e4mie,b\n", "latin1"), Buffer.from("ab\0,c\n")]) {
      assert.throws(() => parseCsvHeader(bytes, true), refusedWith("QT6115"));
    }
  });

  it("refuses quotes that neither begin nor end a name", () => {
    for (const line of ['a,5" pipe\n', '"a" b,c\n', '"a"b"\n', '{"duck": 2}\n', 'a,""b\n'])
      assert.throws(() => parseCsvHeader(Buffer.from(line), true), refusedWith("QT6115"), line);
  });

  it("refuses an empty name, a duplicate name and an unclosed quote", () => {
    assert.throws(() => parseCsvHeader(Buffer.from("a,,b\n"), true), refusedWith("QT6110"));
    assert.throws(() => parseCsvHeader(Buffer.from("a,b,\n"), true), refusedWith("QT6110"));
    assert.throws(() => parseCsvHeader(Buffer.from('a,"a"\n'), true), refusedWith("QT6111"));
    assert.throws(() => parseCsvHeader(Buffer.from('a,"b\n1,2\n'), true), refusedWith("QT6114"));
  });
});
