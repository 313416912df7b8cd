import assert from "node:assert/strict";
import type { ObjectShape, Shape } from "../../../azure-resource-types";
import { BodyFault } from "./body-fault";
import { checkShape, type Strictness } from "./check-shape";

const object = (properties: Record<string, Shape>, more: Partial<ObjectShape> = {}): ObjectShape => ({
  kind: "object",
  properties,
  ...more,
});

describe("a body", () => {
  const taken = (shape: ObjectShape, body: Record<string, unknown>, strictness?: Strictness) =>
    assert.deepEqual(checkShape(shape, body, strictness), body);
  const refused = (shape: ObjectShape, body: Record<string, unknown>, kind: string, path: string) =>
    assert.throws(
      () => checkShape(shape, body),
      (error) => {
        assert.ok(error instanceof BodyFault);
        assert.deepEqual([error.kind, error.path], [kind, path]);
        return true;
      },
    );

  it("refuses a body without a required property", () => {
    const shape = object({ a: object({ b: { kind: "string", required: true } }) });
    taken(shape, {});
    taken(shape, { a: { b: "" } });
    refused(shape, { a: {} }, "missing", "a.b");
    refused(shape, { a: { b: null } }, "missing", "a.b");
    taken(shape, { a: {} }, { required: "none" });
    assert.throws(() => checkShape(shape, { a: {} }, { required: "readable" }), { kind: "missing" });
    taken(
      object({ secret: { kind: "string", required: true, writeOnly: true } }),
      {},
      { required: "readable" },
    );
  });

  it("refuses a value of another kind", () => {
    const shape = object({
      text: { kind: "string" },
      number: { kind: "number" },
      flag: { kind: "bool" },
      list: { kind: "array", items: { kind: "string" } },
      map: object({}, { others: { kind: "number" } }),
      any: { kind: "any" },
    });
    taken(shape, {
      text: "",
      number: 0.5,
      flag: false,
      list: ["a"],
      map: { "a b": 1 },
      any: [{ b: [null] }],
    });
    taken(shape, { text: null, list: [null] });
    refused(shape, { text: 1 }, "kind", "text");
    refused(shape, { number: "1" }, "kind", "number");
    refused(shape, { flag: "true" }, "kind", "flag");
    refused(shape, { list: { 0: "a" } }, "kind", "list");
    refused(shape, { list: ["a", 1] }, "kind", "list[1]");
    refused(shape, { map: [] }, "kind", "map");
    refused(shape, { map: "hello" }, "kind", "map");
    refused(shape, { map: { "a b": "1" } }, "kind", "map['a b']");
  });

  it("refuses a value that an enum does not have", () => {
    const shape = object({
      closed: { kind: "string", enum: ["A", "B"] },
      open: { kind: "string", openEnum: ["String"] },
    });
    taken(shape, { closed: "a", open: "string" });
    refused(shape, { closed: "C" }, "enum", "closed");
    refused(shape, { open: "text" }, "enum", "open");
    taken(shape, { open: "text" }, { openEnums: true });
    assert.throws(() => checkShape(shape, { closed: "C" }, { openEnums: true }), { kind: "enum" });
  });

  it("takes the kinds of identity that Resource Manager knows, whatever the type's enum has", () => {
    const shape = object({ identity: object({ type: { kind: "string", openEnum: ["SystemAssigned"] } }) });
    for (const type of ["None", "SystemAssigned,UserAssigned", "SystemAssigned, UserAssigned"])
      taken(shape, { identity: { type } });
    refused(shape, { identity: { type: "Other" } }, "enum", "identity.type");
  });

  it("refuses a text or a list that is too long or too short", () => {
    const shape = object({
      text: { kind: "string", minLength: 2, maxLength: 3 },
      list: { kind: "array", items: { kind: "any" }, minLength: 1, maxLength: 2 },
    });
    taken(shape, { text: "ab", list: [1, 2] });
    for (const text of ["a", "abcd"]) refused(shape, { text }, "length", "text");
    for (const list of [[], [1, 2, 3]]) refused(shape, { list }, "length", "list");
  });

  it("refuses a text that does not match its pattern", () => {
    const shape = object({ id: { kind: "string", pattern: "^[0-9a-f]{4}$" } });
    taken(shape, { id: "00ff" });
    refused(shape, { id: "00fg" }, "pattern", "id");
  });

  it("refuses a number out of its range", () => {
    const shape = object({
      retry: { kind: "number", min: 30, max: 86400 },
      least: { kind: "number", min: 0 },
    });
    taken(shape, { retry: 30, least: 0 });
    for (const retry of [29, 86401]) refused(shape, { retry }, "range", "retry");
    refused(shape, { least: -1 }, "range", "least");
  });

  it("refuses a property that the type does not have", () => {
    const shape = object({ rules: { kind: "array", items: object({ name: { kind: "string" } }) } });
    refused(shape, { rules: [{ name: "a" }, { nam: "b" }] }, "unknown", "rules[1].nam");
    refused(shape, JSON.parse('{"__proto__": {"a": 1}}'), "unknown", "__proto__");
    refused(shape, { constructor: "a" }, "unknown", "constructor");
    taken(shape, { rules: [{ nam: "b" }] }, { unknown: "take" });
    assert.deepEqual(checkShape(shape, { rules: [{ nam: "b" }] }, { unknown: "drop" }), { rules: [{}] });
  });

  it("takes the properties of the variant that a key selects, and no others", () => {
    const shape = object(
      { name: { kind: "string" } },
      {
        variants: {
          key: "type",
          of: {
            Wait: object({ seconds: { kind: "number", required: true } }),
            Other: { kind: "any" },
          },
        },
      },
    );
    taken(shape, { type: "Wait", name: "a", seconds: 1 });
    taken(shape, { type: "Other", whatever: {} });
    refused(shape, { name: "a" }, "missing", "type");
    refused(shape, { type: 1 }, "kind", "type");
    refused(shape, { type: "None" }, "enum", "type");
    refused(shape, { type: "Wait" }, "missing", "seconds");
    refused(shape, { type: "Wait", seconds: "1" }, "kind", "seconds");
    refused(shape, { type: "Wait", seconds: 1, minutes: 1 }, "unknown", "minutes");
    refused(shape, { type: "Other", name: 1 }, "kind", "name");
  });

  it("follows a shape that contains itself", () => {
    const shape = object({
      activity: object(
        {
          name: { kind: "string", required: true },
          inner: { kind: "array", items: { kind: "recursive", name: "Activity" } },
        },
        { name: "Activity" },
      ),
    });
    taken(shape, { activity: { name: "a", inner: [{ name: "b", inner: [] }] } });
    refused(shape, { activity: { name: "a", inner: [{ inner: [] }] } }, "missing", "activity.inner[0].name");
  });

  it("takes what one of several shapes takes", () => {
    const shape = object({ a: { kind: "oneOf", oneOf: [{ kind: "string" }, { kind: "number" }] } });
    taken(shape, { a: "1" });
    taken(shape, { a: 1 });
    refused(shape, { a: true }, "kind", "a");
  });

  it("leaves out what is read-only", () => {
    const shape = object({
      id: { kind: "any", readOnly: true, required: true },
      items: {
        kind: "array",
        items: object({ state: { kind: "any", readOnly: true }, name: { kind: "string" } }),
      },
    });
    const sent = { id: 1, items: [{ name: "a", state: "x" }, { name: "b" }] };
    assert.deepEqual(checkShape(shape, sent), { items: [{ name: "a" }, { name: "b" }] });
    assert.equal(sent.id, 1);
  });
});
