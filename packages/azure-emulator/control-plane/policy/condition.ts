import { isJsonObject } from "../../../kit/json-object";
import {
  constantOf,
  fieldOf,
  type Parameters,
  type PolicyTarget,
  type PolicyValue,
  policyValue,
  UnsupportedPolicy,
} from "./expression";

export type PolicyCondition = (target: PolicyTarget) => boolean;

/**
 * Compiles the `if` of a policy rule.
 * Source: learn.microsoft.com/azure/governance/policy/concepts/definition-structure-policy-rule, "Conditions" and "Logical operators".
 * @throws UnsupportedPolicy for what the emulator cannot evaluate, such as `count`
 */
export function policyCondition(rule: unknown, parameters: Parameters): PolicyCondition {
  if (!isJsonObject(rule)) throw new UnsupportedPolicy("a condition is not an object");
  const { allOf, anyOf, not, field, value, ...rest } = rule;
  if (allOf !== undefined) {
    const all = conditions(allOf, parameters);
    return (target) => all.every((condition) => condition(target));
  }
  if (anyOf !== undefined) {
    const any = conditions(anyOf, parameters);
    return (target) => any.some((condition) => condition(target));
  }
  if (not !== undefined) {
    const inner = policyCondition(not, parameters);
    return (target) => !inner(target);
  }
  if ("count" in rest) throw new UnsupportedPolicy("the condition `count` is not evaluated here");
  const [operator, ...more] = Object.entries(rest);
  if (operator === undefined || more.length > 0 || (field === undefined) === (value === undefined))
    throw new UnsupportedPolicy(
      `a condition needs one field or value, and one operator: ${JSON.stringify(rule)}`,
    );
  return comparison(subject(field, value, parameters), operator, parameters);
}

function conditions(list: unknown, parameters: Parameters): PolicyCondition[] {
  if (!Array.isArray(list)) throw new UnsupportedPolicy("allOf and anyOf take a list");
  return list.map((rule) => policyCondition(rule, parameters));
}

interface Subject {
  readonly value: PolicyValue;
  /** The field is an array alias: the condition must hold for each element. */
  readonly each: boolean;
}

function subject(field: unknown, value: unknown, parameters: Parameters): Subject {
  if (field === undefined) {
    const given = policyValue(value, parameters);
    // A tag that a group lacks is an empty text: the built-in policies that inherit tags rely on it.
    return { value: (target) => given(target) ?? "", each: false };
  }
  const name = String(constantOf(field, parameters, "the name of a field"));
  return { value: (target) => fieldOf(target, name), each: name.includes("[*]") };
}

function comparison(
  { value, each }: Subject,
  [operator, expected]: readonly [string, unknown],
  parameters: Parameters,
): PolicyCondition {
  const positive = operator.replace(/^not([A-Z])/, (_, first: string) => first.toLowerCase());
  const test = operators.get(positive.toLowerCase());
  if (test === undefined) throw new UnsupportedPolicy(`the operator ${operator} is not known`);
  const wanted = policyValue(expected, parameters);
  const negated = positive !== operator;
  return (target) => {
    const actual = value(target);
    const holds = (item: unknown) => test(item, wanted(target)) !== negated;
    return each && Array.isArray(actual) ? actual.every(holds) : holds(actual);
  };
}

type Test = (actual: unknown, wanted: unknown) => boolean;

/** Texts are compared without regard to case, as Azure Policy does; numbers and booleans also in their text form. */
const same: Test = (actual, wanted) =>
  actual !== undefined && actual !== null && String(actual).toLowerCase() === String(wanted).toLowerCase();

const order = (accepts: (sign: number) => boolean): Test => {
  return (actual, wanted) => {
    if (typeof actual !== typeof wanted || (typeof actual !== "number" && typeof actual !== "string"))
      return false;
    const [a, b] = [actual, wanted] as [number, number];
    return accepts(a < b ? -1 : Number(a > b));
  };
};

/** `*` is any text. */
const like: Test = (actual, wanted) =>
  typeof actual === "string" &&
  pattern(String(wanted), (char) => (char === "*" ? ".*" : undefined), "i").test(actual);

const match =
  (flags: string): Test =>
  (actual, wanted) =>
    typeof actual === "string" &&
    pattern(String(wanted), (char) => MATCH_SIGNS.get(char), flags).test(actual);

const MATCH_SIGNS = new Map([
  ["#", "[0-9]"],
  ["?", "[A-Za-z]"],
  [".", "."],
]);

function pattern(text: string, sign: (char: string) => string | undefined, flags: string): RegExp {
  const parts = [...text].map((char) => sign(char) ?? char.replace(/[.+?^${}()|[\]\\*]/, "\\$&"));
  return new RegExp(`^${parts.join("")}$`, `${flags}s`);
}

const operators: ReadonlyMap<string, Test> = new Map<string, Test>([
  ["equals", same],
  ["in", (actual, wanted) => Array.isArray(wanted) && wanted.some((item) => same(actual, item))],
  ["like", like],
  ["match", match("")],
  ["matchinsensitively", match("i")],
  [
    "contains",
    (actual, wanted) =>
      Array.isArray(actual)
        ? actual.some((item) => same(item, wanted))
        : typeof actual === "string" && actual.toLowerCase().includes(String(wanted).toLowerCase()),
  ],
  [
    "containskey",
    (actual, wanted) => isJsonObject(actual) && Object.keys(actual).some((key) => same(key, wanted)),
  ],
  ["less", order((sign) => sign < 0)],
  ["lessorequals", order((sign) => sign <= 0)],
  ["greater", order((sign) => sign > 0)],
  ["greaterorequals", order((sign) => sign >= 0)],
  ["exists", (actual, wanted) => (actual !== undefined && actual !== null) === same(true, wanted)],
]);
