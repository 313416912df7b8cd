import assert from "node:assert/strict";
import { envelopeBytes } from "./page-body";
import { PageDraft } from "./page-draft";

const state = { cursors: new Map(), turn: undefined };
/** A draft with room for ten rows of together 100 bytes. */
const draft = () =>
  new PageDraft([], state, { pageRows: 10, pageBytes: envelopeBytes([], state) + 100, datasets: undefined });
const json = (bytes: number) => "x".repeat(bytes);

describe("a page's room", () => {
  it("is shared equally among the datasets that are still to come", () => {
    const page = draft();
    const first = page.begin(3);
    assert.deepEqual([first.room, first.bytesLeft], [3, 33]);
    first.add(json(5), false);
    first.add(json(5), true);
    const second = page.begin(2);
    assert.deepEqual([second.room, second.bytesLeft], [4, 45]);
    assert.deepEqual([page.inserted, page.deleted, page.rows], [1, 1, 2]);
  });

  it("takes one row of any size, then rows that fit, even if they exceed their share", () => {
    const page = draft();
    assert.equal(page.begin(2).add(json(60), false), true);
    const second = page.begin(2);
    assert.deepEqual(
      [second.bytesLeft, second.add(json(41), false), second.add(json(40), false)],
      [20, false, true],
    );
    assert.equal(draft().begin(2).add(json(5000), false), true);
  });

  it("has a row for each dataset, however many there are", () => {
    assert.equal(draft().begin(11).room, 1);
  });

  it("has no byte left after a row larger than the page", () => {
    const page = draft();
    page.begin(1).add(json(5000), false);
    assert.equal(page.begin(1).add("x", false), false);
  });

  it("is used up by its rows or by its bytes", () => {
    for (const [rows, bytes, full] of [
      [9, 1, false],
      [10, 1, true],
      [1, 99, false],
      [1, 100, true],
    ] as const) {
      const page = draft();
      const part = page.begin(1);
      for (let row = 0; row < rows; row++) part.add(json(bytes), row % 2 === 1);
      assert.equal(page.isFull, full, `${rows} rows of ${bytes} bytes`);
    }
  });

  it("is released once the page is written", () => {
    const page = draft();
    const rows = page.begin(1);
    rows.add("x", false);
    rows.add("x", true);
    page.body([]);
    assert.equal(rows.bytes, 0);
  });
});
