import { compareText } from "../collation";
import { ExpressionError } from "../expression-error";
import { kindOf, sameValue, type Value } from "../value";
import { boolAt } from "./arguments";
import { type ExpressionFunction, eager, lazy } from "./function";

/** The nine logical functions. Conditions must be booleans; `and`, `or` and `if` evaluate only what they need. */
export const logicalFunctions: readonly ExpressionFunction[] = [
  lazy("and", 1, Infinity, (args) => args.every((arg, index) => boolAt("and", arg(), index))),
  lazy("or", 1, Infinity, (args) => args.some((arg, index) => boolAt("or", arg(), index))),
  lazy("if", 3, 3, ([condition, yes, no]) => {
    if (condition === undefined || yes === undefined || no === undefined) return null;
    return boolAt("if", condition(), 0) ? yes() : no();
  }),
  eager("not", 1, 1, ([value = null]) => !boolAt("not", value, 0)),
  eager("equals", 2, Infinity, ([first = null, ...others]) => others.every((other) => equals(first, other))),
  comparison("greater", (order) => order > 0),
  comparison("greaterOrEquals", (order) => order >= 0),
  comparison("less", (order) => order < 0),
  comparison("lessOrEquals", (order) => order <= 0),
];

/** `1` equals `1.0`, but not inside arrays and objects. */
function equals(a: Value, b: Value): boolean {
  if (isNumber(a) && isNumber(b)) return a <= b && a >= b;
  return sameValue(a, b);
}

function comparison(name: string, holds: (order: number) => boolean): ExpressionFunction {
  return eager(name, 2, 2, ([a = null, b = null]) => holds(compare(name, a, b)));
}

function compare(name: string, a: Value, b: Value): number {
  if (typeof a === "string" && typeof b === "string") return compareText(a, b);
  if (isNumber(a) && isNumber(b)) return a < b ? -1 : a > b ? 1 : 0;
  throw new ExpressionError(
    `the template function '${name}' expects two numbers or two strings; the values are of type '${kindOf(a)}' and '${kindOf(b)}'.`,
  );
}

function isNumber(value: Value): value is bigint | number {
  return typeof value === "bigint" || typeof value === "number";
}
