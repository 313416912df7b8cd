import assert from "node:assert/strict";
import fc from "fast-check";
import { formatPath, parsePath, upToList, valueAt } from "./property-path";
import { inheritedNames, withInheritedNames } from "./testing/inherited-names";

describe("a property path", () => {
  const paths: Record<string, (string | number)[]> = {
    'a.b[0]["c.d"]': ["a", "b", 0, "c.d"],
    // The engine escapes only quotes.
    'tags["a\\d"]': ["tags", "a\\d"],
    'tags["a\\u0"].b': ["tags", "a\\u0", "b"],
    'tags["say \\"x\\""]': ["tags", 'say "x"'],
    'tags["a]b"][1]': ["tags", "a]b", 1],
    'tags["line\nbreak"]': ["tags", "line\nbreak"],
  };
  for (const [path, keys] of Object.entries(paths))
    it(`is read in the engine's notation: ${JSON.stringify(path)}`, () =>
      assert.deepEqual(parsePath(path), keys));

  it("is read back unchanged", () => {
    // On one line; a backslash before a quote or at the end cannot be distinguished from an escaped quote.
    const key = fc.string({ minLength: 1 }).filter((text) => !/\\("|$)|[\n\r\t]/.test(text));
    fc.assert(
      fc.property(fc.array(key, { minLength: 1, maxLength: 4 }), (keys) => {
        assert.deepEqual(parsePath(formatPath(keys)), keys);
      }),
    );
  });

  it("stays on its line", () => assert.equal(formatPath(["tags", "a\nb"]), 'tags["a\\nb"]'));

  it("leads to what is there, and never to what every object inherits", () => {
    const value = { tags: withInheritedNames((name) => ({ of: name })) };
    for (const name of inheritedNames) {
      assert.equal(valueAt(value, ["tags", name, "of"]), name);
      assert.equal(valueAt({ tags: {} }, ["tags", name]), undefined);
    }
  });

  it("never throws, whatever the text", () => {
    const text = fc.oneof(
      fc.string(),
      fc.array(fc.constantFrom("[", "]", '"', "\\", ".", "a", "0")).map((all) => all.join("")),
    );
    fc.assert(fc.property(text, (path) => assert.ok(Array.isArray(upToList(path)))));
  });
});
