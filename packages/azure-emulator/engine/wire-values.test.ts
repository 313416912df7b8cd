import assert from "node:assert/strict";
import * as fc from "fast-check";
import {
  containsSecret,
  containsUnknown,
  fromStruct,
  isSecret,
  keepSecrets,
  revealProperties,
  revealSecrets,
  secret,
  toStruct,
  unknown,
} from "./wire-values";

/** Protobuf's JavaScript form cannot hold a member named `__proto__`; no real property has that name. */
const json = fc
  .dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 }).map(withoutNegativeZero))
  .filter((bag) => !JSON.stringify(bag).includes("__proto__"));

describe("engine: wire values", () => {
  it("survives protobuf unchanged", () => {
    fc.assert(fc.property(json, (bag) => assert.deepEqual(plainly(fromStruct(toStruct(bag))), plainly(bag))));
  });

  it("leaves out undefined members", () => {
    assert.deepEqual(fromStruct(toStruct({ a: undefined, b: { c: undefined, d: 1 }, e: [undefined] })), {
      b: { d: 1 },
      e: [null],
    });
  });

  it("finds secrets and unknowns at any depth", () => {
    assert.ok(containsSecret({ a: [{ b: secret("x") }] }));
    assert.ok(!containsSecret({ a: [{ b: "x" }] }));
    assert.ok(containsUnknown([{ a: unknown }]));
    assert.ok(!containsUnknown({ a: "known" }));
  });

  it("reveals secrets at any depth, also secrets in secrets", () => {
    assert.deepEqual(revealSecrets(secret({ a: [secret(secret(1))] })), { a: [1] });
  });

  it("marks outputs as secret if the input at the same path is", () => {
    const inputs = { a: { b: secret("x"), c: "y" }, list: [secret(1), 2], plain: 1 };
    const outputs = { a: { b: "x", c: "y", d: "z" }, list: [1, 2], plain: 1, other: "x" };
    const marked = keepSecrets(outputs, inputs);
    assert.deepEqual(marked, {
      a: { b: secret("x"), c: "y", d: "z" },
      list: secret([1, 2]),
      plain: 1,
      other: "x",
    });
    assert.deepEqual(revealProperties(marked), outputs);
  });

  it("does not wrap a secret twice", () => {
    const once = keepSecrets({ a: secret(1) }, { a: secret(1) });
    assert.ok(isSecret(once.a) && once.a.value === 1);
  });
});

/** JSON has no -0. */
function withoutNegativeZero(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

/** Objects of protobuf and of fast-check differ in their prototypes only. */
function plainly(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (_, member) => (isBag(member) ? { ...member } : member)));
}

function isBag(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
