import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ExpressionError } from "./expression-error";
import { dataFactoryFunctions, documentedFunctions, functionTable } from "./functions";
import { engineOnlyFunctions } from "./functions/engine-only";
import { scopeFunctions } from "./functions/scope";
import { readJson } from "./json-reader";
import { writeJson } from "./json-writer";
import type { ExpressionScope } from "./scope";
import { evaluateTemplate } from "./template";
import { isArray, isObject, kindOf, objectOf, property, type Value, type ValueObject } from "./value";

/** Cases measured on Microsoft's engine. `readJson` keeps `2.0` a float. */
const cases = readJson(readFileSync(join(__dirname, "fixtures", "adf-expressions.json"), "utf8"));
const functions = functionTable([...documentedFunctions, ...scopeFunctions, ...engineOnlyFunctions]);
const none: ValueObject = objectOf([]);

describe("expressions, compared with Microsoft's engine", () => {
  assert.ok(isArray(cases));
  assert.equal(cases.length, 507);
  for (const entry of cases) {
    assert.ok(isObject(entry));
    const expression = text(entry, "expression");
    it(`${text(entry, "id")}: ${expression}`, () => check(entry, expression));
  }

  it("has the 84 documented functions, each once", () => {
    assert.equal(new Set(documentedFunctions.map(({ name }) => name.toLowerCase())).size, 84);
  });

  it("hides functions from the runner that Data Factory does not have", () => {
    for (const { name } of engineOnlyFunctions)
      assert.equal(dataFactoryFunctions.has(name.toLowerCase()), false);
  });
});

function check(entry: ValueObject, expression: string): void {
  const scope = scopeOf(object(entry, "context"));
  if (entry.get("error") === true) {
    assert.throws(() => evaluateTemplate(expression, scope, functions), ExpressionError);
    return;
  }
  const value = evaluateTemplate(expression, scope, functions);
  const expected = entry.get("expected") ?? null;
  assert.equal(writeJson(value), entry.has("raw") ? text(entry, "raw") : writeJson(expected));
  // An infinity is a float in the engine and a string in JSON.
  if (Number.isFinite(value) || typeof value !== "number") assert.equal(kindOf(value), text(entry, "type"));
}

function scopeOf(context: ValueObject): ExpressionScope {
  const activities = new Map<string, Value>();
  for (const [name, activity] of object(context, "activities")) {
    assert.ok(isObject(activity));
    activities.set(name, activity.has("error") ? activity : new Map([...activity, ["error", null]]));
  }
  return {
    pipeline: () =>
      new Map<string, Value>([
        ...object(context, "system"),
        ["parameters", object(context, "parameters")],
        ["globalParameters", object(context, "globalParameters")],
      ]),
    activity: (name) => property(activities, name),
    variable: (name) => property(object(context, "variables"), name),
    item: () => context.get("item"),
    dataset: () => undefined,
    linkedService: () => undefined,
  };
}

function object(parent: ValueObject, name: string): ValueObject {
  const value = parent.get(name);
  return value !== undefined && isObject(value) ? value : none;
}

function text(parent: ValueObject, name: string): string {
  const value = parent.get(name);
  assert.ok(typeof value === "string", `${name} is a string`);
  return value;
}
