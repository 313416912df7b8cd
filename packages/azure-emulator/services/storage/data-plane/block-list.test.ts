import assert from "node:assert/strict";
import type { Blob } from "./blob-folder";
import { parseBlockList, partsOf, requireBlockId } from "./block-list";

const id = (text: string) => Buffer.from(text).toString("base64");
const list = (...entries: string[]) =>
  `<?xml version="1.0" encoding="utf-8"?><BlockList>${entries.join("")}</BlockList>`;
const present = {
  blocks: [
    { id: id("a"), size: 3 },
    { id: id("b"), size: 4 },
  ],
} as unknown as Blob;

describe("block lists", () => {
  it("are read with the place of each block", () => {
    const xml = list(`<Latest>${id("a")}</Latest>\n`, `<Committed>${id("b")}</Committed>`);
    assert.deepEqual(parseBlockList(xml), [
      { id: id("a"), from: "Latest" },
      { id: id("b"), from: "Committed" },
    ]);
    assert.deepEqual(parseBlockList("<BlockList />"), []);
  });

  it("are refused if they are something else", () => {
    for (const xml of ["", "<Blocks/>", list("<Other>YQ==</Other>"), list("text")]) {
      assert.throws(() => parseBlockList(xml), { code: "InvalidXmlDocument" });
    }
    assert.throws(() => parseBlockList(list("<Latest>YQ</Latest>")), { code: "InvalidBlockId" });
    assert.throws(() => requireBlockId(id("x".repeat(65))), { code: "InvalidBlockId" });
  });

  it("take a block from where they say, and name the one that is not there", () => {
    const put = [{ id: id("a"), size: 9 }];
    const parts = (xml: string) => partsOf(parseBlockList(list(xml)), present, put).parts;
    assert.deepEqual(parts(`<Latest>${id("a")}</Latest>`), [{ block: id("a"), size: 9 }]);
    assert.deepEqual(parts(`<Committed>${id("a")}</Committed>`), [{ offset: 0, size: 3 }]);
    assert.deepEqual(parts(`<Latest>${id("b")}</Latest>`), [{ offset: 3, size: 4 }]);
    assert.throws(() => parts(`<Uncommitted>${id("b")}</Uncommitted>`), { code: "InvalidBlockList" });
    assert.throws(() => parts(`<Latest>${id("c")}</Latest>`), { code: "InvalidBlockList" });
  });
});
