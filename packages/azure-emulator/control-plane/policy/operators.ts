import { isJsonObject } from "../../../kit/json-object";
import { textOf } from "./policy-target";
import { UnsupportedPolicy } from "./unsupported-policy";

/** How a condition compares. It never throws, whatever the two are. */
export interface Operator {
  readonly holds: (actual: unknown, wanted: unknown) => boolean;
  /** @throws UnsupportedPolicy for a value with which it compares nothing */
  readonly check: (wanted: unknown) => void;
}

type Test = Operator["holds"];

/**
 * An operator by its name in a rule, in any case.
 * Source: learn.microsoft.com/azure/governance/policy/concepts/definition-structure-policy-rule, "Conditions".
 * @throws UnsupportedPolicy for a name that Azure Policy does not have
 */
export function operatorOf(name: string): Operator {
  const key = name.toLowerCase();
  const own = operators.get(key);
  if (own !== undefined) return own;
  const positive =
    key.startsWith("not") && NEGATABLE.has(key.slice(3)) ? operators.get(key.slice(3)) : undefined;
  if (positive === undefined) throw new UnsupportedPolicy(`the operator ${name} is not known`);
  return { ...positive, holds: (actual, wanted) => !positive.holds(actual, wanted) };
}

const NEGATABLE = new Set(["equals", "in", "like", "match", "matchinsensitively", "contains", "containskey"]);

/** Texts are compared without regard to case, as Azure Policy does; numbers and Booleans also in their text form. */
const same: Test = (actual, wanted) => {
  const text = textOf(actual);
  return text !== undefined && text.toLowerCase() === textOf(wanted)?.toLowerCase();
};

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
  pattern(wanted, (char) => (char === "*" ? ".*" : undefined), "i").test(actual);

const match =
  (flags: string): Test =>
  (actual, wanted) =>
    typeof actual === "string" && pattern(wanted, (char) => MATCH_SIGNS.get(char), flags).test(actual);

const MATCH_SIGNS = new Map([
  ["#", "[0-9]"],
  ["?", "[A-Za-z]"],
  [".", "."],
]);

function pattern(wanted: unknown, sign: (char: string) => string | undefined, flags: string): RegExp {
  const text = textOf(wanted) ?? "";
  const parts = [...text].map((char) => sign(char) ?? char.replace(/[.+?^${}()|[\]\\*]/, "\\$&"));
  return new RegExp(`^${parts.join("")}$`, `${flags}s`);
}

const contains: Test = (actual, wanted) => {
  if (Array.isArray(actual)) return actual.some((item) => same(item, wanted));
  return typeof actual === "string" && actual.toLowerCase().includes((textOf(wanted) ?? "").toLowerCase());
};

const needs = (expected: string, accepts: (wanted: unknown) => boolean) => (wanted: unknown) => {
  if (!accepts(wanted)) throw new UnsupportedPolicy(`${expected} is expected, not ${JSON.stringify(wanted)}`);
};

const scalar = needs("a text, a number or a Boolean", (wanted) => textOf(wanted) !== undefined);
const text = needs("a text", (wanted) => typeof wanted === "string");
const list = needs("a list", (wanted) => Array.isArray(wanted));
const wildcard = needs(
  "a text with at most one `*`",
  (wanted) => typeof wanted === "string" && wanted.split("*").length <= 2,
);
const ordered = needs(
  "a text or a number",
  (wanted) => typeof wanted === "string" || typeof wanted === "number",
);
const bool = needs("true or false", (wanted) => /^(true|false)$/i.test(textOf(wanted) ?? ""));

const operators: ReadonlyMap<string, Operator> = new Map<string, Operator>([
  ["equals", { holds: same, check: scalar }],
  [
    "in",
    {
      holds: (actual, wanted) => Array.isArray(wanted) && wanted.some((item) => same(actual, item)),
      check: list,
    },
  ],
  ["like", { holds: like, check: wildcard }],
  ["match", { holds: match(""), check: text }],
  ["matchinsensitively", { holds: match("i"), check: text }],
  ["contains", { holds: contains, check: scalar }],
  [
    "containskey",
    {
      holds: (actual, wanted) => isJsonObject(actual) && Object.keys(actual).some((key) => same(key, wanted)),
      check: text,
    },
  ],
  ["less", { holds: order((sign) => sign < 0), check: ordered }],
  ["lessorequals", { holds: order((sign) => sign <= 0), check: ordered }],
  ["greater", { holds: order((sign) => sign > 0), check: ordered }],
  ["greaterorequals", { holds: order((sign) => sign >= 0), check: ordered }],
  [
    "exists",
    {
      holds: (actual, wanted) => (actual !== undefined && actual !== null) === same(true, wanted),
      check: bool,
    },
  ],
]);
