import assert from "node:assert/strict";
import { predicateOf } from "./evaluate";
import { FilterSyntaxError, parseFilter } from "./filter";

interface Item {
  readonly name: string;
  readonly size: number;
  readonly free?: boolean;
}

const by = {
  properties: new Map<string, (item: Item) => unknown>([
    ["name", ({ name }) => name],
    ["size", ({ size }) => size],
    ["free", ({ free }) => free],
  ]),
  calls: new Map([
    ["begins", (_item: Item, whole: unknown, part: unknown) => String(whole).startsWith(String(part))],
  ]),
};
const items: readonly Item[] = [
  { name: "It's", size: 1 },
  { name: "Box", size: 2, free: true },
  { name: "bag", size: 3 },
];
const names = (filter: string) => items.filter(predicateOf(parseFilter(filter), by)).map(({ name }) => name);

describe("a $filter", () => {
  it("compares texts without case, numbers, truth and null", () => {
    assert.deepEqual(names("name eq 'BOX'"), ["Box"]);
    assert.deepEqual(names("name eq 'it''s'"), ["It's"]);
    assert.deepEqual(names("Size ne 2"), ["It's", "bag"]);
    assert.deepEqual(names("free eq true"), ["Box"]);
    assert.deepEqual(names("free eq null"), ["It's", "bag"]);
  });

  it("binds and before or, takes parentheses, not and calls", () => {
    assert.deepEqual(names("name eq 'bag' or name eq 'Box' and size eq 9"), ["bag"]);
    assert.deepEqual(names("(name eq 'bag' or name eq 'Box') and size eq 2"), ["Box"]);
    assert.deepEqual(names("not (size eq 2)"), ["It's", "bag"]);
    assert.deepEqual(names("begins(name,'B') and size eq 2"), ["Box"]);
  });

  it("is refused if it is not understood to its end", () => {
    const wrong = [
      "garbage (",
      "name",
      "name eq",
      "name eq box",
      "name gt 'a'",
      "name eq 'a' and",
      "name eq 'a' name eq 'b'",
      "name eq 'a",
      "constructor eq 'a'",
      "other eq 'a'",
      "unknown('a')",
      "(name eq 'a'",
      "begins(name 'a')",
      "name eq 'a'; drop",
    ];
    for (const filter of wrong) assert.throws(() => names(filter), FilterSyntaxError, filter);
  });
});
