import { isJsonObject, type JsonObject } from "../../../kit/json-object";
import { constantOf, policyValue } from "./expression";
import { knownValue, type PolicyValue } from "./functions";
import { operatorOf } from "./operators";
import type { Parameters } from "./parameters";
import { fieldOf, isArrayAlias, policyField } from "./policy-field";
import type { PolicyTarget } from "./policy-target";
import { UnsupportedPolicy, within } from "./unsupported-policy";

/** Whether a condition holds for a resource. It never throws. */
export type PolicyCondition = (target: PolicyTarget) => boolean;

/**
 * Compiles the `if` of a policy rule.
 * Source: learn.microsoft.com/azure/governance/policy/concepts/definition-structure-policy-rule, "Conditions" and "Logical operators".
 * @throws UnsupportedPolicy for what the emulator cannot evaluate, such as `count`
 */
export function policyCondition(rule: unknown, parameters: Parameters): PolicyCondition {
  if (!isJsonObject(rule)) throw new UnsupportedPolicy("a condition must be an object");
  const { allOf, anyOf, not, ...rest } = rule;
  const [logical, ...others] = [allOf, anyOf, not].filter((given) => given !== undefined);
  if (logical === undefined) return simple(rule, parameters);
  if (others.length > 0 || Object.keys(rest).length > 0)
    throw new UnsupportedPolicy(
      `allOf, anyOf and not stand alone, not beside ${Object.keys(rule).join(", ")}`,
    );
  if (not !== undefined) {
    const inner = within("not", () => policyCondition(not, parameters));
    return (target) => !inner(target);
  }
  if (allOf !== undefined) {
    const all = within("allOf", () => conditions(allOf, parameters));
    return (target) => all.every((condition) => condition(target));
  }
  const any = within("anyOf", () => conditions(anyOf, parameters));
  return (target) => any.some((condition) => condition(target));
}

function conditions(list: unknown, parameters: Parameters): PolicyCondition[] {
  if (!Array.isArray(list)) throw new UnsupportedPolicy("a list of conditions is expected");
  return list.map((rule, index) => within(`[${index}]`, () => policyCondition(rule, parameters)));
}

function simple(rule: JsonObject, parameters: Parameters): PolicyCondition {
  const { field, value, ...rest } = rule;
  if ("count" in rest) throw new UnsupportedPolicy("the condition `count` is not evaluated here");
  const [operator, ...more] = Object.entries(rest);
  if (operator === undefined || more.length > 0 || (field === undefined) === (value === undefined))
    throw new UnsupportedPolicy(
      `a condition needs one field or value, and one operator: ${JSON.stringify(rule)}`,
    );
  return comparison(subject(field, value, parameters), operator, parameters);
}

interface Subject {
  readonly of: PolicyValue["of"];
  /** The field is an array alias: the condition must hold for each element. */
  readonly each: boolean;
}

function subject(field: unknown, value: unknown, parameters: Parameters): Subject {
  if (field === undefined) {
    const given = within("value", () => policyValue(value, parameters));
    return { of: (target) => given.of(target) ?? "", each: false };
  }
  const named = within("field", () => policyField(constantOf(field, parameters)));
  return { of: (target) => fieldOf(target, named), each: isArrayAlias(named) };
}

function comparison(
  { of, each }: Subject,
  [name, expected]: readonly [string, unknown],
  parameters: Parameters,
): PolicyCondition {
  const { holds, check } = operatorOf(name);
  const wanted = within(name, () => {
    const read = policyValue(expected, parameters);
    if (read.constant) check(knownValue(read));
    return read;
  });
  return (target) => {
    const actual = of(target);
    // A tag that a group lacks is an empty text: the built-in policies that inherit tags rely on it.
    const value = wanted.of(target) ?? "";
    return each && Array.isArray(actual) ? actual.every((item) => holds(item, value)) : holds(actual, value);
  };
}
