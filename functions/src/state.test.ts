import assert from "node:assert/strict";
import fc from "fast-check";
import { checkPage } from "../test-support/destination";
import { world } from "../test-support/function-world";
import { type Cursor, parseState, stateText } from "./state";

const cursorOf = (cursor: unknown) => parseState({ format: 1, datasets: { d: cursor } }).cursors.get("d");

/** Refused with a reason. */
const refusal = (reason: RegExp) => ({ code: "QT5013", message: reason });

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
          const parsed = parseState(JSON.parse(stateText(state)));
          assert.deepEqual([...parsed.cursors], [...state.cursors]);
          assert.equal(parsed.turn, turn);
        },
      ),
    );
  });

  it("is empty for Fivetran's first call and for null", () => {
    for (const raw of [undefined, null, {}]) {
      assert.deepEqual(parseState(raw), { cursors: new Map(), turn: undefined });
    }
  });

  const strange: [raw: unknown, reason: RegExp][] = [
    ["text", /it is not an object/],
    [7, /it is not an object/],
    [false, /it is not an object/],
    [[], /it is not an object/],
    [{ cursor: "2020" }, /it has no format/],
    [{ datasets: {} }, /it has no format/],
    [{ format: "x", datasets: {} }, /it has no format/],
    [{ format: 0, datasets: {} }, /its format 0 is unknown/],
    [{ format: 2, datasets: {} }, /its format 2 is newer than 1/],
    [{ format: 1 }, /datasets is not an object/],
    [{ format: 1, datasets: [] }, /datasets is not an object/],
    [{ format: 1, datasets: { good: { epoch: "e", version: 3 }, bad: {} } }, /the cursor of "bad"/],
  ];
  for (const [raw, reason] of strange) {
    it(`is refused, never sent again, if it is ${JSON.stringify(raw)}`, () =>
      assert.throws(() => parseState(raw), refusal(reason)));
  }

  it("is refused with a short reason, though a dataset's id may be anything", () => {
    const datasets = { ["x".repeat(201)]: {} };
    assert.throws(() => parseState({ format: 1, datasets }), refusal(/the cursor of "\(201 characters\)"/));
  });

  it("accepts its format as text, as an editor may write it", () => {
    assert.deepEqual([...parseState({ format: "1", datasets: {} }).cursors], []);
  });

  it("accepts an epoch in capitals, as SQL Server shows it", () => {
    assert.deepEqual(cursorOf({ epoch: "6F9619FF-8B86", version: 1 }), {
      epoch: "6f9619ff-8b86",
      version: 1,
    });
  });

  it("ignores a turn that is not a dataset's id", () => {
    assert.equal(parseState({ format: 1, datasets: {}, turn: 7 }).turn, undefined);
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
  for (const [why, cursor] of refused)
    it(`refuses ${why}`, () => assert.throws(() => cursorOf(cursor), refusal(/the cursor of "d" /)));

  it("handles ids that are special names in JavaScript", () => {
    const state = parseState(JSON.parse('{"format":1,"datasets":{"__proto__":{"epoch":"e","version":1}}}'));
    assert.deepEqual([...state.cursors.keys()], ["__proto__"]);
    assert.match(stateText(state), /"__proto__":\{"epoch":"e"/);
  });
});

describe("the answer to any state", () => {
  const { call, dataset, logged } = world();
  const number = fc.oneof(fc.nat({ max: 3 }), fc.double(), fc.constant("1"), fc.jsonValue());
  const cursor = fc.record(
    {
      epoch: fc.oneof(fc.constant(dataset.epoch), fc.uuid(), fc.jsonValue()),
      version: number,
      row: number,
      upto: number,
      initial: fc.constantFrom(true, false, null, 1),
    },
    { requiredKeys: [] },
  );
  const datasets = fc.dictionary(
    fc.constantFrom("claims", "gone", "__proto__"),
    fc.oneof(cursor, fc.jsonValue()),
  );
  const state = fc.oneof(
    fc.jsonValue(),
    fc.record(
      { format: fc.constantFrom(1, 1, 1, "1", 2, 0, null), datasets: fc.oneof(datasets, fc.jsonValue()) },
      { requiredKeys: [] },
    ),
  );

  it("is a first sync only for none, a continuation, or an error: never all rows again", async () => {
    const seen = { first: 0, continued: 0, refused: 0 };
    await fc.assert(
      fc.asyncProperty(state, async (value) => {
        const sent = JSON.parse(JSON.stringify(value) ?? "null");
        const { json, text } = await call({ state: sent });
        const resyncs = logged().filter(({ event }) => event === "resync");
        if (sent === null || JSON.stringify(sent) === "{}") {
          seen.first++;
          assert.deepEqual(checkPage(text).softDelete, ["claims"]);
          return;
        }
        if (json.errorType === "QT5013") {
          seen.refused++;
          assert.deepEqual([json.state, json.insert, json.softDelete], [undefined, undefined, undefined]);
          return;
        }
        seen.continued++;
        // A dataset without a cursor is new; any other one is sent again only if its epoch is another one.
        const known = Object.hasOwn(sent.datasets, "claims") ? sent.datasets.claims : undefined;
        const again = known?.epoch !== dataset.epoch;
        assert.deepEqual(checkPage(text).softDelete, again ? ["claims"] : []);
        const reason = known === undefined ? "no cursor" : "other epoch";
        const lines = resyncs.map((line) => [line.dataset, line.reason]);
        assert.deepEqual(lines, again ? [["claims", reason]] : []);
      }),
      {
        numRuns: 2000,
        examples: [[null], [{}], [{ format: 1, datasets: { claims: { epoch: dataset.epoch, version: 1 } } }]],
      },
    );
    for (const [outcome, times] of Object.entries(seen)) assert.ok(times > 0, `no state was ${outcome}`);
  });
});
