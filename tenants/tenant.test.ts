import assert from "node:assert/strict";
import { inheritedNames } from "../packages/kit/testing/inherited-names";
import { withPart } from "./tenant";

describe("A value with one part set", () => {
  it("gets the containers that it lacks, and keeps everything else", () => {
    assert.deepEqual(withPart(undefined, ["a", 0, "b"], 1), { a: [{ b: 1 }] });
    assert.deepEqual(withPart({ a: 1, b: { c: 2 } }, ["b", "d"], 3), { a: 1, b: { c: 2, d: 3 } });
    assert.deepEqual(withPart({ a: "text" }, ["a", "b"], 1), { a: "text" });
  });

  it("takes a part whose name every object inherits", () => {
    for (const name of inheritedNames) {
      const named = (value: unknown) => Object.fromEntries([[name, value]]);
      assert.deepEqual(withPart({}, [name], 1), named(1));
      assert.deepEqual(withPart({}, [name, "a"], 1), named({ a: 1 }));
      assert.deepEqual(withPart(named({ a: 1 }), [name, "b"], 2), named({ a: 1, b: 2 }));
    }
  });
});
