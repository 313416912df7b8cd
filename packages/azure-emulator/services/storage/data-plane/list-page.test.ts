import assert from "node:assert/strict";
import { listQueryOf, pageOf } from "./list-page";

const items = ["a", "b/1", "b/2", "b/c/3", "d"].map((name) => ({ name }));
const shown = (query: string) => {
  const { entries, next } = pageOf(items, listQueryOf(new URLSearchParams(query)));
  return { names: entries.map((entry) => ("item" in entry ? entry.item.name : `<${entry.prefix}>`)), next };
};

describe("a page of a list", () => {
  it("has what begins with the prefix, and a delimiter's common beginnings once", () => {
    assert.deepEqual(shown("").names, ["a", "b/1", "b/2", "b/c/3", "d"]);
    assert.deepEqual(shown("prefix=b/").names, ["b/1", "b/2", "b/c/3"]);
    assert.deepEqual(shown("delimiter=/").names, ["a", "<b/>", "d"]);
    assert.deepEqual(shown("delimiter=/&prefix=b/").names, ["b/1", "b/2", "<b/c/>"]);
  });

  it("ends after maxresults, and the next begins where it ended", () => {
    for (const query of ["maxresults=1", "maxresults=2&delimiter=/", "maxresults=2"]) {
      const names: string[] = [];
      let next = "";
      do {
        const page = shown(`${query}&marker=${next}`);
        names.push(...page.names);
        next = page.next;
      } while (next !== "");
      assert.deepEqual(names, shown(query.replace(/maxresults=\d&?/, "")).names);
    }
  });

  it("has 5,000 entries at most, or as many as are asked for", () => {
    const limit = (query: string) => listQueryOf(new URLSearchParams(query)).limit;
    assert.equal(limit(""), 5000);
    assert.equal(limit("maxresults=5001"), 5000);
    assert.equal(limit("maxresults=3"), 3);
    assert.equal(shown("maxresults=3").names.length, 3);
  });

  it("refuses a marker that it did not give, and a size that is none", () => {
    for (const [query, code] of [
      ["marker=abc", "InvalidQueryParameterValue"],
      ["maxresults=0", "OutOfRangeQueryParameterValue"],
      ["maxresults=x", "InvalidQueryParameterValue"],
    ] as const) {
      assert.throws(() => shown(query), { code });
    }
  });
});
