import assert from "node:assert/strict";
import * as fc from "fast-check";
import { type DiffRules, diffInputs, replacePaths } from "./input-diff";
import type { DifferenceKind } from "./resource-provider";
import { unknown, type WireProperties } from "./wire-values";

const rules: DiffRules = { replaceOn: ["name", "location"], locations: ["location"], programNames: true };

const cases: readonly {
  readonly what: string;
  readonly olds: WireProperties;
  readonly news: WireProperties;
  readonly expected: Readonly<Record<string, DifferenceKind>>;
}[] = [
  { what: "no difference", olds: { a: 1 }, news: { a: 1 }, expected: {} },
  { what: "a changed value", olds: { a: 1 }, news: { a: 2 }, expected: { a: "update" } },
  { what: "a new property", olds: {}, news: { a: 1 }, expected: { a: "add" } },
  { what: "a removed property", olds: { a: 1 }, news: {}, expected: { a: "delete" } },
  { what: "no difference between null and absent", olds: { a: null }, news: {}, expected: {} },
  {
    what: "a changed member",
    olds: { a: { b: 1, c: 2 } },
    news: { a: { b: 1, c: 3 } },
    expected: { "a.c": "update" },
  },
  {
    what: "changed elements",
    olds: { a: [1, 2] },
    news: { a: [1, 3, 4] },
    expected: { "a[1]": "update", "a[2]": "add" },
  },
  {
    what: "a key that must be quoted",
    olds: { a: { "x.y": 1 } },
    news: { a: {} },
    expected: { 'a["x.y"]': "delete" },
  },
  { what: "a value of another type", olds: { a: [1] }, news: { a: { b: 1 } }, expected: { a: "update" } },
  { what: "an unknown value", olds: { a: { b: 1 } }, news: { a: unknown }, expected: { a: "update" } },
  { what: "a changed name", olds: { name: "x" }, news: { name: "y" }, expected: { name: "updateReplace" } },
  {
    what: "an unknown name",
    olds: { name: "x" },
    news: { name: unknown },
    expected: { name: "updateReplace" },
  },
  {
    what: "no difference in the spelling of a region",
    olds: { location: "West Europe" },
    news: { location: "westeurope" },
    expected: {},
  },
  {
    what: "another region",
    olds: { location: "West Europe" },
    news: { location: "northeurope" },
    expected: { location: "updateReplace" },
  },
  {
    what: "new and removed members whose names every object inherits",
    olds: { tags: { toString: "x" } },
    news: { tags: { constructor: "x", hasOwnProperty: "x" } },
    expected: { "tags.toString": "delete", "tags.constructor": "add", "tags.hasOwnProperty": "add" },
  },
  {
    what: "no difference in the provider's internal marks",
    olds: { __x: 1 },
    news: { __x: 2 },
    expected: {},
  },
];

describe("engine: diff of inputs", () => {
  for (const { what, olds, news, expected } of cases) {
    it(`shows ${what}`, () => assert.deepEqual(diffInputs(olds, news, rules).differences, expected));
  }

  it("forces a replacement only at or below a property of the rules", () => {
    const diff = diffInputs({ name: { a: 1 }, names: 1 }, { name: { a: 2 }, names: 2 }, rules);
    assert.deepEqual(replacePaths(diff), ["name.a"]);
  });

  it("is empty for equal inputs only", () => {
    // Names with two leading underscores are the provider's internal marks.
    const bag = fc
      .dictionary(fc.stringMatching(/^[a-z]{1,3}$/), fc.jsonValue({ maxDepth: 2 }))
      .filter((value) => !JSON.stringify(value).includes('"__'));
    fc.assert(
      fc.property(bag, bag, (one, other) => {
        const copy = JSON.parse(JSON.stringify(one)) as WireProperties;
        const asJson = JSON.parse(JSON.stringify(other)) as WireProperties;
        assert.deepEqual(diffInputs(copy, copy, rules).differences, {});
        const differ =
          Object.keys(diffInputs(copy, asJson, { ...rules, locations: [] }).differences).length > 0;
        assert.equal(differ, canonical(copy) !== canonical(asJson));
      }),
    );
  });
});

/** A JSON text that is the same for equivalent inputs: keys sorted, nulls left out. */
function canonical(value: unknown): string {
  return JSON.stringify(normal(value));
}

function normal(value: unknown): unknown {
  if (Array.isArray(value)) {
    const items = value.map((item) => normal(item) ?? null);
    while (items.length > 0 && items.at(-1) === null) items.pop();
    return items;
  }
  if (typeof value !== "object" || value === null) return value ?? undefined;
  const entries = Object.entries(value).map(([key, member]) => [key, normal(member)] as const);
  return Object.fromEntries(
    entries.filter(([, member]) => member !== undefined).sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}
