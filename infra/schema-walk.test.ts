import assert from "node:assert/strict";
import fc from "fast-check";
import * as z from "zod";
import { tenantSchema } from "./config-schema";
import { type DatasetInput, datasetSchema } from "./dataset-schema";
import { takesText, withDefaults } from "./schema-walk";

const optional = { requiredKeys: [] };
const guards = fc.record(
  { maxShrinkPercent: fc.integer({ min: 0, max: 100 }), allowEmpty: fc.boolean() },
  optional,
);
// The check of the configuration refuses a type for this header (infra/config-check.ts).
const header = fc.string({ minLength: 1, maxLength: 20 }).filter((name) => name !== "__proto__");
const declared = fc.record(
  { type: fc.constantFrom("text", "int", "decimal(38,10)"), onError: fc.constantFrom("fail", "null") },
  { requiredKeys: ["type"] },
);
const datasets = fc.record(
  {
    id: fc.constantFrom("d-1", "premium.2024"),
    table: fc.constantFrom("premium", "claims_notes"),
    keyColumns: fc.array(header, { maxLength: 3 }),
    types: fc.dictionary(header, declared, { maxKeys: 3 }),
    guards,
  },
  { requiredKeys: ["id", "table"] },
) as fc.Arbitrary<DatasetInput>;

describe("A value with its schema's defaults", () => {
  it("equals the parsed value, and does not change if filled again", () => {
    fc.assert(
      fc.property(datasets, (dataset) => {
        const parsed = datasetSchema.parse(dataset);
        assert.deepEqual(withDefaults(datasetSchema, dataset), parsed);
        assert.deepEqual(withDefaults(datasetSchema, parsed), parsed);
      }),
    );
  });

  it("has every setting, whatever the value", () => {
    const { table, ...others } = withDefaults(datasetSchema, { id: "d", table: "Not Normal" });
    assert.equal(table, "Not Normal");
    fc.assert(
      fc.property(fc.anything(), (nonsense) => {
        const dataset = { id: "d", keyColumns: nonsense, types: nonsense, guards: nonsense };
        const read = withDefaults(datasetSchema, dataset);
        assert.deepEqual(Object.keys(read), Object.keys(others));
        assert.ok(Array.isArray(read.keyColumns));
        assert.deepEqual(Object.keys(read.guards), Object.keys(others.guards));
      }),
    );
  });

  it("leaves out missing members without a default, and members that are not settings", () => {
    assert.deepEqual(withDefaults(datasetSchema.pick({ id: true, table: true }), { id: "d", more: 1 }), {
      id: "d",
    });
    assert.equal(withDefaults(tenantSchema, {}).budget, undefined);
    assert.equal(withDefaults(tenantSchema, {}).sql.autoPauseDelay, 15);
  });
});

describe("A value of each form with its schema's defaults", () => {
  const members = z.strictObject({ x: z.int().default(1) });
  const schema = z.strictObject({
    text: z.string().optional(),
    list: z.array(members).default([]),
    map: z.record(z.string(), members).default({}),
    object: members.prefault({}),
    maybe: members.optional(),
    flags: z.array(z.string()).optional(),
  });
  const empty = { list: [], map: {}, object: { x: 1 } };

  for (const [what, given, filled] of [
    ["nothing", {}, empty],
    [
      "members",
      { list: [{}, { x: 2 }], map: { k: {} }, object: { x: 3 } },
      { list: [{ x: 1 }, { x: 2 }], map: { k: { x: 1 } }, object: { x: 3 } },
    ],
    ["null", { text: null, list: null, map: null, object: null, maybe: null, flags: null }, empty],
    [
      "a list for an object and the reverse",
      { list: { 0: {} }, map: [{}], object: [{}], maybe: [1], flags: { 0: "a" } },
      empty,
    ],
    ["text for members", { list: "ab", map: "ab", object: "ab", maybe: "ab", flags: "ab" }, empty],
    [
      "optional members",
      { text: "", maybe: {}, flags: ["a"] },
      { ...empty, text: "", maybe: { x: 1 }, flags: ["a"] },
    ],
  ] as const)
    it(`is complete if it had ${what}`, () => {
      assert.deepEqual(withDefaults(schema, given), filled);
    });
});

describe("takesText", () => {
  it("looks at the values of a literal", () => {
    assert.equal(takesText(z.literal(["a", "b"])), true);
    assert.equal(takesText(z.literal(["a", 1])), false);
    assert.equal(takesText(z.literal([1, 2])), false);
    assert.equal(takesText(z.string().optional().default("a")), true);
    assert.equal(takesText(z.string().transform(Number)), true);
    assert.equal(takesText(z.array(z.string())), false);
  });

  it("distinguishes schemas that expect text from others", () => {
    const others = Object.entries(tenantSchema.shape).filter(([, schema]) => !takesText(schema));
    assert.deepEqual(
      others.map(([name]) => name),
      [
        "datasets",
        "retention",
        "sqlAdmin",
        "sql",
        "function",
        "runbook",
        "reconcile",
        "studio",
        "rotation",
        "network",
        "budget",
        "existing",
        "move",
        "names",
        "tags",
        "policyTags",
        "emulatorOnly",
        "retired",
        "protect",
      ],
    );
  });
});
