import assert from "node:assert/strict";
import { type Share, SliceRows } from "./slice-rows";

const share: Share = { rows: 3, bytes: 100, firstRowBytes: Number.POSITIVE_INFINITY };
const json = (bytes: number) => "x".repeat(bytes);
const textOf = ({ inserts, deletes }: SliceRows) =>
  [inserts, deletes].map((sink) => Buffer.concat(sink.parts()).toString("utf8"));
const filled = (bytes: number) => {
  const rows = new SliceRows(share);
  rows.add(json(bytes), false);
  return rows;
};

describe("the rows of a dataset in a page", () => {
  it("are inserts and deletes, each list with its commas", () => {
    const rows = new SliceRows({ ...share, rows: 5 });
    for (const [row, deleted] of [
      ["a", false],
      ["b", true],
      ["c", false],
      ["d", true],
    ] as const)
      assert.equal(rows.add(row, deleted), true);
    assert.deepEqual(textOf(rows), ["a,c", "b,d"]);
    const { inserted, deleted, count, bytes, room, bytesLeft } = rows;
    assert.deepEqual(
      { inserted, deleted, count, bytes, room, bytesLeft },
      {
        inserted: 2,
        deleted: 2,
        count: 4,
        bytes: 6,
        room: 1,
        bytesLeft: 94,
      },
    );
  });

  it("are no more than the share allows", () => {
    const rows = new SliceRows({ ...share, rows: 1 });
    assert.deepEqual([rows.add("a", false), rows.add("b", false), rows.add("c", true)], [true, false, false]);
    assert.deepEqual(textOf(rows), ["a", ""]);
  });

  it("fill their bytes to the last one, and leave out a row that does not fit", () => {
    const rows = filled(50);
    assert.equal(rows.add(json(50), false), false, "with its comma it takes 51 bytes");
    assert.deepEqual([rows.count, rows.bytes], [1, 50]);
    assert.equal(rows.add(json(50), true), true);
    assert.deepEqual([rows.count, rows.bytes, rows.bytesLeft], [2, 100, 0]);
  });

  it("begin with a row larger than the share if the rest of the page has room for it", () => {
    const first = (firstRowBytes: number) => new SliceRows({ ...share, firstRowBytes }).add(json(150), false);
    assert.deepEqual([first(149), first(150), first(Number.POSITIVE_INFINITY)], [false, true, true]);
    const rows = filled(150);
    assert.deepEqual([rows.bytesLeft, rows.add("a", false)], [0, false]);
  });

  it("are nearly full if a twentieth of the share or less is left", () => {
    assert.deepEqual([filled(94).isNearlyFull, filled(95).isNearlyFull], [false, true]);
    assert.equal(new SliceRows({ ...share, bytes: 0 }).isNearlyFull, false, "a row may still be larger");
  });
});
