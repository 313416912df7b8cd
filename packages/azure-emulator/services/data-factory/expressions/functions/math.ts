import { randomInt } from "node:crypto";
import { ExpressionError } from "../expression-error";
import type { Value } from "../value";
import { int32At, numberAt } from "./arguments";
import { type ExpressionFunction, eager } from "./function";

const INT64_MAX = 2n ** 63n - 1n;
const INT64_MIN = -(2n ** 63n);

/** The nine math functions. Two integers give a 64-bit integer, anything else a float; overflow is an error. */
export const mathFunctions: readonly ExpressionFunction[] = [
  arithmetic(
    "add",
    (a, b) => a + b,
    (a, b) => a + b,
  ),
  arithmetic(
    "sub",
    (a, b) => a - b,
    (a, b) => a - b,
  ),
  arithmetic(
    "mul",
    (a, b) => a * b,
    (a, b) => a * b,
  ),
  arithmetic(
    "div",
    (a, b) => a / nonZero("div", b),
    (a, b) => a / nonZero("div", b),
  ),
  arithmetic(
    "mod",
    (a, b) => a % nonZero("mod", b),
    (a, b) => a % nonZero("mod", b),
  ),
  extreme("max", (a, b) => a > b),
  extreme("min", (a, b) => a < b),
  eager("rand", 2, 2, (args) => {
    const [low, high] = [int32At("rand", args, 0), int32At("rand", args, 1)];
    if (low > high) throw new ExpressionError("the template function 'rand' expects its minimum first.");
    return BigInt(low === high ? low : randomInt(low, high));
  }),
  eager("range", 2, 2, (args) => {
    const [start, count] = [int32At("range", args, 0), int32At("range", args, 1)];
    if (count < 0 || count > 100_000) {
      throw new ExpressionError("the template function 'range' returns 0 to 100000 integers.");
    }
    return Array.from({ length: count }, (_, index) => BigInt.asIntN(32, BigInt(start) + BigInt(index)));
  }),
];

function arithmetic(
  name: string,
  ofIntegers: (a: bigint, b: bigint) => bigint,
  ofFloats: (a: number, b: number) => number,
): ExpressionFunction {
  return eager(name, 2, 2, (args) => {
    const [a, b] = [numberAt(name, args, 0), numberAt(name, args, 1)];
    if (typeof a === "bigint" && typeof b === "bigint")
      return int64(name, ofIntegers(int64(name, a), int64(name, b)));
    return ofFloats(Number(a), Number(b));
  });
}

function extreme(
  name: string,
  better: (a: number | bigint, b: number | bigint) => boolean,
): ExpressionFunction {
  return eager(name, 1, Infinity, (given) => {
    const args: readonly Value[] = given.length === 1 && Array.isArray(given[0]) ? given[0] : given;
    const numbers = args.map((_, index) => numberAt(name, args, index));
    const [first, ...others] = numbers;
    if (first === undefined) throw new ExpressionError(`the template function '${name}' expects a number.`);
    const best = others.reduce((kept, next) => (better(next, kept) ? next : kept), first);
    return numbers.every((number) => typeof number === "bigint") ? best : Number(best);
  });
}

function int64(name: string, value: bigint): bigint {
  if (value > INT64_MAX || value < INT64_MIN) {
    throw new ExpressionError(`the template function '${name}' overflows a 64-bit integer.`);
  }
  return value;
}

function nonZero<T extends bigint | number>(name: string, divisor: T): T {
  if (Number(divisor) === 0)
    throw new ExpressionError(`the template function '${name}' cannot divide by zero.`);
  return divisor;
}
