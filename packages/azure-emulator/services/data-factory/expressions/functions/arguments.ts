import { ExpressionError } from "../expression-error";
import { isArray, isObject, kindOf, type Value, type ValueArray, type ValueObject } from "../value";

// These functions return an argument of a checked type. They convert nothing, as the engine refuses `add('1', 2)`.

function wrong(name: string, index: number, expected: string, value: Value | undefined): ExpressionError {
  return new ExpressionError(
    `the template function '${name}' expects ${expected} as its parameter ${index + 1}; the value is of type '${kindOf(value ?? null)}'.`,
  );
}

export function stringAt(name: string, args: readonly Value[], index: number): string {
  const value = args[index];
  if (typeof value !== "string") throw wrong(name, index, "a string", value);
  return value;
}

export function integerAt(name: string, args: readonly Value[], index: number): bigint {
  const value = args[index];
  if (typeof value !== "bigint") throw wrong(name, index, "an integer", value);
  return value;
}

/** The engine truncates such arguments to 32 bits: 4294967296 becomes 0. */
export function int32At(name: string, args: readonly Value[], index: number): number {
  return Number(BigInt.asIntN(32, integerAt(name, args, index)));
}

export function numberAt(name: string, args: readonly Value[], index: number): bigint | number {
  const value = args[index];
  if (typeof value !== "bigint" && typeof value !== "number") throw wrong(name, index, "a number", value);
  return value;
}

export function boolAt(name: string, value: Value, index: number): boolean {
  if (typeof value !== "boolean") throw wrong(name, index, "a boolean", value);
  return value;
}

export function arrayAt(name: string, args: readonly Value[], index: number): ValueArray {
  const value = args[index] ?? null;
  if (!isArray(value)) throw wrong(name, index, "an array", value);
  return value;
}

export function stringOrArrayAt(name: string, args: readonly Value[], index: number): string | ValueArray {
  const value = args[index] ?? null;
  if (typeof value !== "string" && !isArray(value)) throw wrong(name, index, "a string or an array", value);
  return value;
}

/** The arguments, if all are arrays or all are objects. */
export function collections(
  name: string,
  args: readonly Value[],
): { arrays: ValueArray[] } | { objects: ValueObject[] } {
  if (args.every(isArray)) return { arrays: args.filter(isArray) };
  if (args.every(isObject)) return { objects: args.filter(isObject) };
  throw new ExpressionError(`the template function '${name}' expects only arrays or only objects.`);
}
