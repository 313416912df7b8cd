import assert from "node:assert/strict";
import fc from "fast-check";
import { allPairs, type Factors, type Row } from "./all-pairs";

const NAMES = ["a", "b", "c", "d", "e"];

/** Two to five factors of up to four levels each. */
const factorsOf = fc
  .array(fc.integer({ min: 1, max: 4 }), { minLength: 2, maxLength: NAMES.length })
  .map(
    (counts): Factors =>
      Object.fromEntries(
        counts.map((count, f) => [NAMES[f], Array.from({ length: count }, (_, l) => `${l}`)]),
      ),
  );

/** A part of a row, such as `{a: "1", c: "0"}`. */
const part = fc.dictionary(fc.constantFrom(...NAMES), fc.constantFrom("0", "1", "2", "3"), {
  minKeys: 2,
  maxKeys: 2,
});

/** What cannot be together, and a level that needs one of another factor. */
const rules = fc.record({
  forbidden: fc.array(part, { maxLength: 4 }),
  need: fc.option(part, { nil: undefined }),
});

const has = (row: Row, wanted: Readonly<Record<string, string>>) =>
  Object.entries(wanted).every(([factor, level]) => row[factor] === level);

function everyRow(factors: Factors): Row[] {
  return Object.entries(factors).reduce<Row[]>(
    (rows, [factor, levels]) => rows.flatMap((row) => levels.map((level) => ({ ...row, [factor]: level }))),
    [{}],
  );
}

const pairsIn = (row: Row) => {
  const levels = Object.entries(row).map(([factor, level]) => `${factor}=${level}`);
  return levels.flatMap((one, index) => levels.slice(index + 1).map((other) => `${one}, ${other}`));
};

describe("All pairs of levels", () => {
  it("that some accepted row has are in the rows, all others are refused with the reason", () => {
    fc.assert(
      fc.property(factorsOf, rules, (factors, { forbidden, need }) => {
        const usual = Object.fromEntries(Object.keys(factors).map((factor) => [factor, "0"]));
        const [[factor = "", level = ""] = [], needed] = Object.entries(need ?? {});
        const refusal = (row: Row) => {
          if (has(row, usual)) return undefined;
          // A usual level goes with everything, so that what a pair needs is one other level at the most.
          const isRefused = forbidden.some(
            (wanted) => has(row, wanted) && Object.values(wanted).every((one) => one !== "0"),
          );
          if (isRefused) return "forbidden";
          const lacks =
            needed !== undefined && level !== "0" && row[factor] === level && row[needed[0]] !== needed[1];
          return lacks && factors[needed[0]]?.includes(needed[1]) ? "needs another" : undefined;
        };
        const { rows, covered, refused } = allPairs(factors, refusal);
        assert.deepEqual(
          rows.filter((row) => refusal(row) !== undefined),
          [],
        );
        const found = new Set(rows.flatMap(pairsIn));
        const possible = new Set(
          everyRow(factors)
            .filter((row) => refusal(row) === undefined)
            .flatMap(pairsIn),
        );
        assert.deepEqual([...found].sort(), [...possible].sort());
        assert.equal(covered, possible.size);
        const all = new Set(everyRow(factors).flatMap(pairsIn));
        assert.deepEqual([...refused.keys()].sort(), [...all].filter((pair) => !possible.has(pair)).sort());
        assert.ok([...refused.values()].every((reason) => reason !== ""));
      }),
    );
  });

  it("need few rows", () => {
    const factors = Object.fromEntries(Array.from({ length: 12 }, (_, f) => [`f${f}`, ["0", "1", "2"]]));
    const { rows, covered } = allPairs(factors, () => undefined);
    assert.equal(covered, 66 * 9);
    assert.ok(rows.length <= 24, `${rows.length} rows`);
  });
});
