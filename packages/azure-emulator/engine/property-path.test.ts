import assert from "node:assert/strict";
import * as fc from "fast-check";
import { parsePath } from "../../kit/property-path";
import { inheritedNames } from "../../kit/testing/inherited-names";
import { containsPath, resetPath } from "./property-path";
import { revealSecrets, secret } from "./wire-values";

/** Containment as Pulumi's `ignoreChanges` and `replaceOnChanges` define it. */
const contained: readonly (readonly [string, string, boolean])[] = [
  ["sku", "sku", true],
  ["sku", "sku.name", true],
  ["sku.name", "sku", false],
  ["sku.name", "sku.tier", false],
  ["*", "sku.name", true],
  ["sku.*", "sku.name", true],
  ["sku.*", "sku", false],
  ["rules[*].port", "rules[3].port", true],
  ["rules[0]", "rules[1].port", false],
  ["rules[0]", "rules[0].port", true],
];

const resets: readonly { path: string; old: unknown; now: unknown; expected: unknown }[] = [
  { path: "a", old: { a: 1 }, now: { a: 2 }, expected: { a: 1 } },
  { path: "a", old: {}, now: { a: 2, b: 1 }, expected: { b: 1 } },
  { path: "a", old: { a: 1 }, now: {}, expected: { a: 1 } },
  { path: "a.b", old: { a: { b: 1, c: 1 } }, now: { a: { b: 2, c: 2 } }, expected: { a: { b: 1, c: 2 } } },
  { path: "a.b", old: { a: {} }, now: { a: { b: 2, c: 2 } }, expected: { a: { c: 2 } } },
  { path: "a.b", old: { a: { b: 1 } }, now: {}, expected: {} },
  { path: "a.b", old: {}, now: { a: { b: 2 } }, expected: { a: {} } },
  { path: "a[1]", old: { a: [1, 2] }, now: { a: [3, 4] }, expected: { a: [3, 2] } },
  { path: "a[1]", old: { a: [1] }, now: { a: [3, 4] }, expected: { a: [3, 4] } },
  {
    path: "a[*].b",
    old: { a: [{ b: 1 }, { b: 2 }] },
    now: { a: [{ b: 3, c: 1 }, {}] },
    expected: { a: [{ b: 1, c: 1 }, { b: 2 }] },
  },
  { path: "a[*]", old: { a: [1, 2] }, now: { a: [3, 4, 5] }, expected: { a: [1, 2, 5] } },
  { path: "a.*", old: { a: { b: 1 } }, now: { a: { c: 2 } }, expected: { a: { b: 1 } } },
  { path: "*", old: { a: 1 }, now: { b: 2 }, expected: { a: 1 } },
  { path: "a.b", old: { a: 1 }, now: { a: 2 }, expected: { a: 2 } },
];

describe("engine: property paths", () => {
  for (const [path, other, expected] of contained) {
    it(`says that ${path} ${expected ? "contains" : "does not contain"} ${other}`, () =>
      assert.equal(containsPath(parsePath(path), parsePath(other)), expected));
  }

  for (const { path, old, now, expected } of resets) {
    it(`resets ${path} of ${JSON.stringify(now)} to ${JSON.stringify(old)}`, () =>
      assert.deepEqual(resetPath(old, now, parsePath(path)), expected));
  }

  it("does not take a name that every object inherits for one that the object has", () => {
    for (const name of inheritedNames) {
      const named = (value: unknown) => ({ tags: Object.fromEntries([[name, value]]) });
      assert.deepEqual(resetPath(named("old"), named("now"), ["tags", name]), named("old"));
      assert.deepEqual(resetPath({ tags: {} }, named("now"), ["tags", name]), { tags: {} });
      assert.deepEqual(resetPath({ tags: {} }, named({ b: 1 }), ["tags", name, "b"]), named({}));
      assert.deepEqual(resetPath({ tags: {} }, named({ b: 1 }), ["tags", "*", "b"]), named({ b: 1 }));
      assert.deepEqual(resetPath(named({ b: 1 }), { tags: {} }, ["tags", name, "b"]), { tags: {} });
    }
  });

  it("keeps secret exactly what was secret on either side", () => {
    const path = ["a", "b"];
    assert.deepEqual(resetPath({ a: secret({ b: 1, c: 1 }) }, { a: { b: 2, c: 2 } }, path), {
      a: { b: secret(1), c: 2 },
    });
    assert.deepEqual(resetPath({ a: { b: 1 } }, { a: secret({ b: 2 }) }, path), { a: secret({ b: 1 }) });
    assert.deepEqual(resetPath({ a: secret({ b: 1 }) }, { a: secret({ b: 2 }) }, path), {
      a: secret({ b: 1 }),
    });
  });

  it("changes nothing if nothing differs, whatever the path", () => {
    const key = fc.constantFrom("a", "b", "*", 0, 1);
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 3 }), fc.array(key, { minLength: 1 }), (value, path) => {
        const bag = { a: value, b: secret(value) };
        assert.deepEqual(revealSecrets(resetPath(bag, bag, path)), revealSecrets(bag));
      }),
    );
  });
});
