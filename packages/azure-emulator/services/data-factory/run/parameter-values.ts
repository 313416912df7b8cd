import { readJson } from "../expressions/json-reader";
import { toText } from "../expressions/text";
import { isArray, isObject, kindOf, type Value } from "../expressions/value";
import type { Parameter, Parameters } from "../model/parameter";
import { ActivityError } from "./activity-error";

/**
 * Binds each declared parameter to the given value, else to its default. Names ignore case. As in Azure, values of
 * undeclared parameters are ignored.
 * @throws ActivityError naming a parameter that has no value or a value of another type
 */
export function bindParameters(
  declared: Parameters,
  given: ReadonlyMap<string, Value>,
  defaults: (value: unknown) => Value,
  subject: string,
): Map<string, Value> {
  const byName = new Map([...given].map(([name, value]) => [name.toLowerCase(), value]));
  const bound = new Map<string, Value>();
  for (const [name, parameter] of Object.entries(declared)) {
    const value = byName.get(name.toLowerCase());
    if (value !== undefined) bound.set(name, convert(value, parameter, `parameter '${name}' of ${subject}`));
    else if (parameter.defaultValue !== undefined) bound.set(name, defaults(parameter.defaultValue));
    else
      throw new ActivityError(
        "BadRequest",
        `The parameter '${name}' of ${subject} has no value and no default.`,
      );
  }
  return bound;
}

/** Converts a string, which may come from a command line, to the declared type; other values must be of that type. */
function convert(value: Value, { type }: Parameter, subject: string): Value {
  switch (type) {
    case "string":
    case "securestring":
      if (value === null || typeof value === "string") return value;
      if (isArray(value) || isObject(value)) break;
      return toText(value);
    case "int":
      if (typeof value === "bigint") return value;
      if (typeof value === "string" && /^-?\d+$/.test(value)) return BigInt(value);
      break;
    case "float":
      if (typeof value === "number" || typeof value === "bigint") return Number(value);
      if (typeof value === "string" && value.trim() !== "" && Number.isFinite(Number(value)))
        return Number(value);
      break;
    case "bool":
      if (typeof value === "boolean") return value;
      if (typeof value === "string" && /^(true|false)$/i.test(value)) return value.toLowerCase() === "true";
      break;
    case "array":
      if (isArray(value)) return value;
      if (typeof value === "string" && value.trim().startsWith("[")) return readJson(value);
      break;
    case "object":
      if (typeof value === "string" && value.trim().startsWith("{")) return readJson(value);
      return value;
  }
  throw new ActivityError(
    "BadRequest",
    `The ${subject} must be of type '${type}'; its value is of type '${kindOf(value)}'.`,
  );
}
