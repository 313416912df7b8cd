import assert from "node:assert/strict";
import { inheritedNames, withInheritedNames } from "../../../packages/kit/testing/inherited-names";
import { itemChanges, itemsByName } from "./item-changes";
import { MASK } from "./model";
import { change, differences, equal } from "./value-change";

describe("The differences of two values", () => {
  it("are found at any depth, sorted; lists differ as a whole", () => {
    const before = { b: { y: 1, x: 1 }, a: [1, 2], same: { z: [] } };
    const after = { b: { y: 2, x: 2 }, a: [2, 1], same: { z: [] } };
    assert.deepEqual(differences(before, after), [["a"], ["b", "x"], ["b", "y"]]);
  });

  it("are those of every member if an object is added or removed, and one if it becomes another kind of value", () => {
    const value = { a: { b: 1 }, c: 2 };
    const all = [["a", "b"], ["c"]];
    assert.deepEqual(differences(undefined, value), all);
    assert.deepEqual(differences(value, undefined), all);
    for (const other of ["x", 1, [1]]) {
      assert.deepEqual(differences({ v: value }, { v: other }), [["v"]]);
      assert.deepEqual(differences({ v: other }, { v: value }), [["v"]]);
    }
    assert.deepEqual(differences(1, 2), [[]]);
    assert.deepEqual(differences(undefined, undefined), []);
  });

  it("are found under names that every object inherits", () => {
    const types = withInheritedNames((of) => ({ of }));
    const all = inheritedNames.map((name) => [name, "of"]).sort();
    assert.deepEqual(differences(types, {}), all);
    assert.deepEqual(differences({}, types), all);
  });

  it("do not include the order of an object's keys, or null for an absent value", () => {
    assert.ok(equal({ a: 1, b: { c: 1, d: 2 } }, { b: { d: 2, c: 1 }, a: 1 }));
    assert.ok(equal(null, undefined) && !equal(0, undefined) && !equal([1, 2], [2, 1]));
    assert.deepEqual(differences({ a: null }, {}), []);
  });
});

describe("A change of a value", () => {
  const rest = { path: "a.b", form: "value", secret: false, replaces: false };
  const of = (before: unknown, after: unknown) => change(["a", "b"], before, after);

  it("has the sides that exist; null counts as absent", () => {
    assert.deepEqual(of(1, 2), { ...rest, kind: "update", before: "1", after: "2" });
    for (const absent of [undefined, null]) {
      assert.deepEqual(of(absent, 2), { ...rest, kind: "add", after: "2" });
      assert.deepEqual(of(1, absent), { ...rest, kind: "delete", before: "1" });
    }
  });

  it("is secret if one side is masked", () => {
    assert.equal(of(MASK, "x").secret, true);
    assert.equal(of("x", MASK).secret, true);
    assert.equal(of("x", "y").secret, false);
  });

  it("is a text under its file's name if it is asked for", () => {
    const file = (before: unknown, after: unknown) => change(["a.d/b.json"], before, after, "text");
    const shown = { ...rest, path: "a.d/b.json", form: "text" };
    assert.deepEqual(file("x", "y"), { ...shown, kind: "update", before: "x", after: "y" });
    assert.deepEqual(file(undefined, "y"), { ...shown, kind: "add", after: "y" });
    assert.deepEqual(file("x", undefined), { ...shown, kind: "delete", before: "x" });
  });
});

describe("The changes of a list with named items", () => {
  const of = (before: unknown, after: unknown) =>
    itemChanges("users", "name", before, after)?.map(({ path, kind }) => [path, kind]);

  it("are listed item by item, in the order of names", () => {
    const before = [{ name: "c" }, { name: "b", role: "x" }];
    const after = [{ name: "b", role: "y" }, { name: "a" }];
    assert.deepEqual(of(before, after), [
      ["users.a", "add"],
      ["users.b.role", "update"],
      ["users.c", "delete"],
    ]);
    for (const absent of [undefined, null]) {
      assert.deepEqual(of(absent, [{ name: "a" }]), [["users.a", "add"]]);
      assert.deepEqual(of([{ name: "a" }], absent), [["users.a", "delete"]]);
    }
    assert.deepEqual(of([{ name: "a" }, { name: "b" }], [{ name: "b" }, { name: "a" }]), [
      ["users", "update"],
    ]);
  });

  it("show a member whose name every object inherits as added or removed", () => {
    for (const name of inheritedNames) {
      const path = `users.a.types.${name}`;
      const [bare, typed] = [[{ name: "a", types: {} }], [{ name: "a", types: { [name]: "int" } }]];
      assert.deepEqual(of(bare, typed), [[path, "add"]]);
      assert.deepEqual(of(typed, bare), [[path, "delete"]]);
    }
  });

  it("are not listed if an item has no name, or two have the same", () => {
    const fine = [{ name: "a" }];
    for (const broken of [
      "a",
      1,
      { name: "a" },
      ["a"],
      [null],
      [{}],
      [{ name: 1 }],
      [{ name: "a" }, { name: "a" }],
    ]) {
      assert.equal(itemsByName(broken, "name"), undefined, JSON.stringify(broken));
      assert.equal(of(broken, fine), undefined);
      assert.equal(of(fine, broken), undefined);
    }
  });
});
