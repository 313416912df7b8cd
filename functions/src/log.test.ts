import assert from "node:assert/strict";
import fc from "fast-check";
import { createLog, type LogFields } from "./log";

/** The line of an event, as it is written. */
function lineOf(fields: LogFields, shared: LogFields = {}): string {
  const lines: string[] = [];
  const write = (line: unknown) => lines.push(String(line));
  createLog({ info: write, warn: write, error: write }, shared).error("error", fields);
  assert.equal(lines.length, 1);
  return String(lines[0]);
}

describe("a log line", () => {
  it("is one JSON object that begins with its event and has the shared fields", () => {
    assert.equal(
      lineOf({ rows: 1, cause: undefined }, { sync_id: "s" }),
      '{"event":"error","sync_id":"s","rows":1}',
    );
  });

  it("keeps a text of a thousand characters, and cuts a longer one visibly", () => {
    const text = "x".repeat(1000);
    assert.equal(JSON.parse(lineOf({ text })).text, text);
    assert.equal(JSON.parse(lineOf({ text: "x".repeat(5000), rows: 7 })).text, `${text}…`);
  });

  it("cuts the longest texts only", () => {
    const [whole, long] = ["x".repeat(500), "x".repeat(1100)];
    const texts = JSON.parse(lineOf({ a: whole, b: whole, c: long, rows: 7 }));
    assert.deepEqual(texts, { event: "error", a: whole, b: whole, c: `${whole}…`, rows: 7 });
  });

  it("has 2,000 bytes at most, whatever is in it, and stays JSON", () => {
    const text = fc.oneof(
      fc.string({ unit: "binary" }),
      fc
        .tuple(fc.constantFrom("x", "\u0000", "\ud800", "é", "\u{1f600}"), fc.nat({ max: 4000 }))
        .map(([unit, times]) => unit.repeat(times)),
    );
    const fields = fc.record({ errorMessage: text, errorType: text, stackTrace: text, cause: text });
    fc.assert(
      fc.property(fields, text, (record, sync_id) => {
        const line = lineOf({ ...record, duration_ms: 1 }, { sync_id });
        assert.ok(Buffer.byteLength(line) <= 2000, `${Buffer.byteLength(line)} bytes`);
        const { event, duration_ms, ...texts } = JSON.parse(line);
        assert.deepEqual([event, duration_ms], ["error", 1]);
        assert.deepEqual(Object.keys(texts).sort(), [...Object.keys(record), "sync_id"].sort());
      }),
    );
  });
});
