import { ExpressionError } from "../expression-error";
import { toText } from "../text";
import {
  isArray,
  isObject,
  kindOf,
  property,
  sameValue,
  type Value,
  type ValueArray,
  type ValueObject,
} from "../value";
import { arrayAt, collections, int32At, stringAt, stringOrArrayAt } from "./arguments";
import { type ExpressionFunction, eager } from "./function";

/** The ten collection functions. Strings are sequences of UTF-16 code units. */
export const collectionFunctions: readonly ExpressionFunction[] = [
  eager("contains", 2, 2, ([container = null, item = null]) => contains(container, item)),
  eager("empty", 1, 1, ([value = null]) => empty(value)),
  eager("first", 1, 1, (args) => edge(stringOrArrayAt("first", args, 0), 0)),
  eager("last", 1, 1, (args) => edge(stringOrArrayAt("last", args, 0), -1)),
  eager("intersection", 1, Infinity, (args) => {
    const given = collections("intersection", args);
    return "arrays" in given ? given.arrays.reduce(intersectArrays) : given.objects.reduce(intersectObjects);
  }),
  eager("union", 1, Infinity, (args) => {
    const given = collections("union", args);
    return "arrays" in given
      ? distinct(given.arrays.flat())
      : new Map(given.objects.flatMap((object) => [...object]));
  }),
  eager("join", 2, 2, (args) =>
    arrayAt("join", args, 0)
      .map(toText)
      .join(stringAt("join", args, 1)),
  ),
  eager("length", 1, 1, (args) => BigInt(stringOrArrayAt("length", args, 0).length)),
  eager("skip", 2, 2, (args) => {
    const count = int32At("skip", args, 1);
    if (count < 0) throw new ExpressionError("the template function 'skip' expects a count of 0 or more.");
    return stringOrArrayAt("skip", args, 0).slice(count);
  }),
  eager("take", 2, 2, (args) => {
    const count = int32At("take", args, 1);
    if (count < 0) throw new ExpressionError("the template function 'take' expects a count of 0 or more.");
    return stringOrArrayAt("take", args, 0).slice(0, count);
  }),
];

function contains(container: Value, item: Value): boolean {
  if (typeof container === "string" && typeof item === "string") return container.includes(item);
  if (isArray(container)) return container.some((value) => sameValue(value, item));
  if (isObject(container) && typeof item === "string") return property(container, item) !== undefined;
  throw new ExpressionError(
    `the template function 'contains' cannot look for a value of type '${kindOf(item)}' in one of type '${kindOf(container)}'.`,
  );
}

function empty(value: Value): boolean {
  if (value === null) return true;
  if (typeof value === "string" || isArray(value)) return value.length === 0;
  if (isObject(value)) return value.size === 0;
  throw new ExpressionError("the template function 'empty' expects a string, an array or an object.");
}

function edge(sequence: string | ValueArray, index: 0 | -1): Value {
  return sequence.at(index) ?? (typeof sequence === "string" ? "" : null);
}

function distinct(values: readonly Value[]): Value[] {
  const kept: Value[] = [];
  for (const value of values) if (!kept.some((other) => sameValue(other, value))) kept.push(value);
  return kept;
}

function intersectArrays(a: ValueArray, b: ValueArray): ValueArray {
  return distinct(a.filter((value) => b.some((other) => sameValue(other, value))));
}

function intersectObjects(a: ValueObject, b: ValueObject): ValueObject {
  return new Map(
    [...a].filter(([key, value]) => {
      const other = b.get(key);
      return other !== undefined && sameValue(other, value);
    }),
  );
}
