import assert from "node:assert/strict";
import fc from "fast-check";
import { type Cursor, parseState, stateText } from "./state";

const cursorOf = (cursor: unknown) =>
  parseState({ format: 1, datasets: { d: cursor } }).state.cursors.get("d");

describe("the state", () => {
  it("is read back as it was written", () => {
    const whole = fc.nat();
    const cursor: fc.Arbitrary<Cursor> = fc.oneof(
      fc.record({ epoch: fc.uuid(), version: whole }, { noNullPrototype: true }),
      fc
        .record({ epoch: fc.uuid(), version: whole, row: whole, ahead: whole, initial: fc.boolean() })
        .map(({ ahead, initial, ...rest }) => {
          const within = { ...rest, upto: rest.version + ahead };
          return initial ? { ...within, initial } : within;
        }),
    );
    fc.assert(
      fc.property(
        fc.dictionary(fc.string({ minLength: 1 }), cursor, { noNullPrototype: true }),
        fc.option(fc.string(), { nil: undefined }),
        (datasets, turn) => {
          const state = { cursors: new Map(Object.entries(datasets)), turn };
          const { state: parsed, problems } = parseState(JSON.parse(stateText(state)));
          assert.deepEqual([...parsed.cursors], [...state.cursors]);
          assert.equal(parsed.turn, turn);
          assert.deepEqual(problems, []);
        },
      ),
    );
  });

  it("is empty for Fivetran's first call and for null", () => {
    for (const raw of [undefined, null, {}]) {
      assert.deepEqual(parseState(raw), { state: { cursors: new Map(), turn: undefined }, problems: [] });
    }
  });

  it("is ignored and reported if it is not valid", () => {
    for (const [raw, problem] of [
      ["text", "state is not an object"],
      [7, "state is not an object"],
      [[], "state is not an object"],
      [{ format: 2, datasets: {} }, "state has another format"],
      [{ cursor: "2020" }, "state has another format"],
      [{ format: 1 }, "state.datasets is not an object"],
      [{ format: 1, datasets: [] }, "state.datasets is not an object"],
    ]) {
      const state = { cursors: new Map(), turn: undefined };
      assert.deepEqual(parseState(raw), { state, problems: [problem] }, JSON.stringify(raw));
    }
  });

  it("keeps the valid cursors next to an invalid one", () => {
    const { state, problems } = parseState({
      format: 1,
      datasets: { bad: { epoch: 1 }, good: { epoch: "e", version: 3 } },
    });
    assert.deepEqual([...state.cursors], [["good", { epoch: "e", version: 3 }]]);
    assert.deepEqual(problems, ['cursor of "bad" is not understood']);
  });

  it("is reported with at most 200 characters of an id, which may be anything", () => {
    const { problems } = parseState({ format: 1, datasets: { ["x".repeat(201)]: {} } });
    assert.deepEqual(problems, [`cursor of "${"x".repeat(200)}" is not understood`]);
  });

  it("ignores a turn that is not a dataset's id", () => {
    assert.equal(parseState({ format: 1, datasets: {}, turn: 7 }).state.turn, undefined);
  });

  it("accepts numbers in the forms that an editor may write", () => {
    assert.deepEqual(cursorOf({ epoch: "e", version: "3", row: null, upto: null }), {
      epoch: "e",
      version: 3,
    });
    for (const [version, expected] of [
      [0, 0],
      ["0", 0],
      ["12", 12],
      [1e300, Number.MAX_SAFE_INTEGER],
      ["9".repeat(40), Number.MAX_SAFE_INTEGER],
    ]) {
      assert.deepEqual(cursorOf({ epoch: "e", version }), { epoch: "e", version: expected });
    }
  });

  const refused: [why: string, cursor: unknown][] = [
    ["a negative version", { epoch: "e", version: -1 }],
    ["a fraction", { epoch: "e", version: 1.5 }],
    ["a null version", { epoch: "e", version: null }],
    ["an empty version", { epoch: "e", version: "" }],
    ["a version with a sign", { epoch: "e", version: "+3" }],
    ["a version with an exponent", { epoch: "e", version: "1e3" }],
    ["a version in a list", { epoch: "e", version: [3] }],
    ["no epoch", { version: 1 }],
    ["an empty epoch", { epoch: "", version: 1 }],
    ["a position without a bound", { epoch: "e", version: 1, row: 1 }],
    ["a bound before the position", { epoch: "e", version: 2, row: 1, upto: 1 }],
    ["a position that is not a number", { epoch: "e", version: 2, row: "x", upto: 3 }],
    ["a first pass at rest, which would miss tombstones", { epoch: "e", version: 2, initial: true }],
    ["an array", []],
    ["text", "e"],
  ];
  for (const [why, cursor] of refused) it(`refuses ${why}`, () => assert.equal(cursorOf(cursor), undefined));

  it("handles ids that are special names in JavaScript", () => {
    const { state } = parseState(
      JSON.parse('{"format":1,"datasets":{"__proto__":{"epoch":"e","version":1}}}'),
    );
    assert.deepEqual([...state.cursors.keys()], ["__proto__"]);
    assert.match(stateText(state), /"__proto__":\{"epoch":"e"/);
  });
});
