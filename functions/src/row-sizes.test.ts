import assert from "node:assert/strict";
import { RowSizes } from "./row-sizes";

describe("the size of a dataset's rows", () => {
  it("is guessed by the number of columns and the row id, until rows were sent", () => {
    const sizes = new RowSizes();
    assert.equal(sizes.of("d", 0), 28);
    assert.equal(sizes.of("d", 3), 112);
    sizes.learn("d", 0, 0);
    assert.equal(sizes.of("d", 3), 112, "a page without rows shows nothing");
  });

  it("is the average of the rows that were sent last, at least a byte, for each dataset", () => {
    const sizes = new RowSizes();
    sizes.learn("d", 4, 10);
    assert.deepEqual([sizes.of("d", 3), sizes.of("other", 3)], [2.5, 112]);
    sizes.learn("d", 2, 1);
    assert.equal(sizes.of("d", 3), 1);
  });
});
