import assert from "node:assert/strict";
import { displayTexts, nestedJson, prettyJson, sorted, UNKNOWN } from "./json-value";
import { MASK } from "./model";

/** Form and text of a value that was added. */
const shown = (value: unknown) => {
  const { form, texts } = displayTexts(undefined, value);
  assert.equal(texts[0], "");
  return [form, texts[1]];
};

describe("A value as people read it", () => {
  it("has name and type first, then the other keys sorted, at any depth", () => {
    const value = { type: "t", b: [{ z: 1, name: "n", a: 2 }], a: null, name: "n" };
    assert.equal(
      JSON.stringify(sorted(value)),
      '{"name":"n","type":"t","a":null,"b":[{"name":"n","a":2,"z":1}]}',
    );
    assert.equal(JSON.stringify(sorted({ type: 1, a: 1 })), '{"type":1,"a":1}');
    assert.equal(prettyJson({ b: 1, a: UNKNOWN }), '{\n  "a": (known after the deployment),\n  "b": 1\n}');
  });

  it("is on one line if it is short: a number, a name, a list of them", () => {
    assert.deepEqual(shown(2), ["value", "2"]);
    assert.deepEqual(shown("a"), ["value", '"a"']);
    assert.deepEqual(shown(["a", 1]), ["value", '["a",1]']);
    assert.deepEqual(shown([]), ["value", "[]"]);
    assert.deepEqual(shown(MASK), ["value", MASK]);
    assert.deepEqual(shown([UNKNOWN]), ["value", "[(known after the deployment)]"]);
    assert.deepEqual(displayTexts("a", undefined), { form: "value", texts: ['"a"', ""] });
  });

  it("is a text if it has lines or more than 250 characters", () => {
    assert.deepEqual(shown("x".repeat(250))[0], "value");
    assert.deepEqual(shown("x".repeat(251)), ["text", "x".repeat(251)]);
    assert.deepEqual(shown("a\nb"), ["text", "a\nb"]);
    assert.deepEqual(shown(`a\n${UNKNOWN}`), ["text", "a\n(known after the deployment)"]);
    assert.deepEqual(shown(["x".repeat(246)])[0], "value");
    assert.deepEqual(shown(["x".repeat(247)])[0], "text");
    assert.deepEqual(displayTexts("a\nb", undefined), { form: "text", texts: ["a\nb", ""] });
    assert.deepEqual(displayTexts({ a: 1 }, "b").form, "text");
  });

  it("is JSON over lines if it is an object, or a list or text that holds one", () => {
    assert.deepEqual(shown({ a: 1 }), ["text", '{\n  "a": 1\n}']);
    assert.deepEqual(shown([1, { a: 1 }])[0], "text");
    assert.deepEqual(shown(["a", '{"b":1}'])[0], "text");
    assert.deepEqual(shown('{"b":1,"a":2}'), ["text", '{\n  "a": 2,\n  "b": 1\n}']);
  });

  it("has texts of several lines line by line, with and without a key, at the end and in between", () => {
    const text = 'SELECT "a"\nFROM b';
    assert.deepEqual(shown([text, { a: text, b: 'one "line": x', c: text }])[1]?.split("\n"), [
      "[",
      "  |",
      '    SELECT "a"',
      "    FROM b",
      "  {",
      '    "a": |',
      '      SELECT "a"',
      "      FROM b",
      '    "b": "one \\"line\\": x",',
      '    "c": |',
      '      SELECT "a"',
      "      FROM b",
      "  }",
      "]",
    ]);
  });
});

describe("JSON in a text", () => {
  it("is a list or an object, also if it is quoted again", () => {
    const value = { a: [1] };
    for (const text of [
      JSON.stringify(value),
      ` \n${JSON.stringify(value)}`,
      JSON.stringify(JSON.stringify(value)),
    ])
      assert.deepEqual(nestedJson(text), value);
    assert.deepEqual(nestedJson("[]"), []);
  });

  it("is nothing else", () => {
    for (const other of [
      "null",
      "1",
      '"a"',
      '"null"',
      "true",
      'x {"a":1}',
      "{",
      "",
      1,
      null,
      undefined,
      { a: 1 },
      ["[]"],
      ["{"],
    ])
      assert.equal(nestedJson(other), undefined, JSON.stringify(other));
  });
});
