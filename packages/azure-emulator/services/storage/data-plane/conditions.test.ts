import assert from "node:assert/strict";
import { conditionsOf, requireForRead, requireForWrite } from "./conditions";

const found = { etag: '"0x1"', lastModified: "Mon, 01 Jun 2026 10:00:00 GMT" };
const [before, at, after] = ["09:59:59", "10:00:00", "10:00:01"].map(
  (time) => `Mon, 01 Jun 2026 ${time} GMT`,
);
const conditions = (headers: Readonly<Record<string, string | undefined>>) =>
  conditionsOf((name) => headers[name]);

/** The status and code of the refusal, or "done". */
function outcome(run: () => void): string {
  try {
    run();
    return "done";
  } catch (error) {
    const { status, code } = error as { status: number; code: string };
    return `${status} ${code}`;
  }
}

const notMet = "412 ConditionNotMet";
const cases: readonly [string, string | undefined, string, string, string][] = [
  // header, value, reading, writing what exists, writing what does not exist
  ["if-match", '"0x1"', "done", "done", notMet],
  ["if-match", '"0x2", "0x1"', "done", "done", notMet],
  ["if-match", "*", "done", "done", notMet],
  ["if-match", '"0x2"', notMet, notMet, notMet],
  ["if-none-match", '"0x1"', "304 ConditionNotMet", notMet, "done"],
  ["if-none-match", '"0x2"', "done", "done", "done"],
  ["if-none-match", "*", "400 UnsatisfiableCondition", "409 BlobAlreadyExists", "done"],
  ["if-modified-since", before, "done", "done", "done"],
  ["if-modified-since", at, "304 ConditionNotMet", notMet, "done"],
  ["if-unmodified-since", before, notMet, notMet, "done"],
  ["if-unmodified-since", after, "done", "done", "done"],
];

describe("conditional headers of blobs", () => {
  for (const [name, value, read, write, create] of cases) {
    it(`${name}: ${value}`, () => {
      const given = conditions({ [name]: value });
      assert.equal(
        outcome(() => requireForRead(given, found)),
        read,
      );
      assert.equal(
        outcome(() => requireForWrite(given, found)),
        write,
      );
      assert.equal(
        outcome(() => requireForWrite(given, undefined)),
        create,
      );
    });
  }

  it("refuses what is no time", () => {
    assert.equal(
      outcome(() => conditions({ "if-modified-since": "yesterday" })),
      "400 InvalidHeaderValue",
    );
  });
});
