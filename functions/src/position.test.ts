import assert from "node:assert/strict";
import type { Dataset } from "./feed";
import { progressOf } from "./position";

const dataset: Dataset = {
  id: "d",
  table: "d",
  status: "active",
  epoch: "e",
  publishedVersion: 7,
  purgedThrough: 4,
  keyColumns: [],
  columns: [],
};

const positionOf = (cursor: Parameters<typeof progressOf>[0]) => {
  const progress = progressOf(cursor, dataset);
  return progress.kind === "pending" ? { ...progress.position, resync: progress.resync } : progress;
};

describe("a cursor", () => {
  it("at rest continues after its whole version, up to the latest published one", () => {
    const { MAX_SAFE_INTEGER: afterRow } = Number;
    const expected = { epoch: "e", afterVersion: 5, afterRow, upto: null, initial: false, resync: undefined };
    assert.deepEqual(positionOf({ epoch: "e", version: 5 }), expected);
  });

  it("within a pass continues from its row, up to the end of that pass", () => {
    const cursor = { epoch: "e", version: 5, row: 9, upto: 6 };
    const expected = { epoch: "e", afterVersion: 5, afterRow: 9, upto: 6, initial: false, resync: undefined };
    assert.deepEqual(positionOf(cursor), expected);
    assert.equal((positionOf({ ...cursor, upto: 99 }) as { upto: number }).upto, 7);
  });

  it("at or beyond the published version has nothing to send", () => {
    assert.deepEqual(progressOf({ epoch: "e", version: 7 }, dataset), { kind: "at-rest", future: false });
    assert.deepEqual(progressOf({ epoch: "e", version: 8 }, dataset), { kind: "at-rest", future: true });
    assert.deepEqual(progressOf({ epoch: "e", version: 8, row: 1, upto: 9 }, dataset), {
      kind: "at-rest",
      future: true,
    });
  });

  it("starts a resync if it is missing, of another epoch, or behind a purge", () => {
    const resync = (cursor: Parameters<typeof progressOf>[0]) =>
      (positionOf(cursor) as { resync?: string }).resync;
    assert.equal(resync(undefined), "no cursor");
    assert.equal(resync({ epoch: "other", version: 7 }), "other epoch");
    assert.equal(resync({ epoch: "e", version: 3 }), "purged");
    assert.equal(resync({ epoch: "e", version: 4 }), undefined);
    assert.equal(resync({ epoch: "e", version: 4, row: 1, upto: 7 }), "purged");
    assert.equal(resync({ epoch: "e", version: 1, row: 1, upto: 7, initial: true }), undefined);
  });
});
