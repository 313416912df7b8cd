import assert from "node:assert/strict";
import { Readable } from "node:stream";
import fc from "fast-check";
import { CodedError } from "../../../../kit/errors/coded-error";
import { CsvSource } from "./csv-source";

async function records(
  chunks: Iterable<Buffer>,
): Promise<{ columns: readonly string[]; text: string; bytes: number }> {
  const source = new CsvSource(Readable.from(chunks));
  const header = await source.header();
  const parts: Buffer[] = [];
  assert.ok(header);
  for await (const part of source.records(header)) parts.push(part);
  return { columns: header.columns, text: Buffer.concat(parts).toString(), bytes: source.bytes };
}

function cut(text: string, cuts: readonly number[]): Buffer[] {
  const bytes = Buffer.from(text);
  const ends = [...cuts.map((at) => at % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end));
}

describe("CsvSource", () => {
  it("passes on the records byte for byte but for their line breaks, however the stream is cut", async () => {
    const line = fc
      .tuple(fc.string({ unit: "grapheme" }), fc.string())
      .map(([a, b]) => `"${a.replaceAll('"', '""')}",${b.replace(/[\r\n"]/g, "")}x`);
    await fc.assert(
      fc.asyncProperty(
        fc.array(line, { minLength: 1 }),
        fc.array(fc.nat()),
        fc.constantFrom("\n", "\r\n"),
        async (lines, cuts, end) => {
          const body = (lineBreak: string) => lines.map((one) => one + lineBreak).join("");
          const read = await records(cut(`a,b${end}${body(end)}`, cuts));
          assert.equal(read.text, body("\n"));
          assert.equal(read.bytes, Buffer.byteLength(body(end)) + 3 + end.length);
        },
      ),
    );
  });

  it("leaves out empty lines at the end, except in files of one column", async () => {
    assert.equal((await records(cut("a,b\n1,2\n\n\n", [7, 8]))).text, "1,2\n");
    assert.equal((await records(cut("a,b\r\n1,2\r\n\r\n", [8, 9]))).text, "1,2\n");
    assert.equal((await records(cut("a\n1\n\n", []))).text, "1\n\n");
  });

  it("keeps empty lines inside quotes", async () => {
    const body = '1,"x\n\n\ny"\n';
    assert.equal((await records(cut(`a,b\n${body}`, [9, 10, 11]))).text, body);
  });

  it("reports how far it read if the stream breaks off", async () => {
    const broken = Readable.from(
      (function* () {
        yield Buffer.from("a,b\n1,2\n");
        throw new Error("aborted");
      })(),
    );
    const source = new CsvSource(broken);
    const header = await source.header();
    assert.ok(header);
    await assert.rejects(
      async () => {
        for await (const _ of source.records(header));
      },
      (error) =>
        error instanceof CodedError &&
        error.code === "QT6116" &&
        error.message === "The CSV stream broke off after 8 bytes: aborted",
    );
  });
});
