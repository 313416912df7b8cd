import { readJson } from "../expressions/json-reader";
import { toText } from "../expressions/text";
import { isArray, isObject, kindOf, type Value } from "../expressions/value";
import type { Parameter, Parameters } from "../model/parameter";
import { ActivityError } from "./activity-error";

/**
 * Values for the declared parameters: what was given, else the default. Names ignore case; a value that nobody
 * declared is left out, as Azure does.
 * @throws ActivityError naming a parameter without a value, or with one of another type.
 */
export function bindParameters(
  declared: Parameters,
  given: ReadonlyMap<string, Value>,
  defaults: (value: unknown) => Value,
  where: string,
): Map<string, Value> {
  const byName = new Map([...given].map(([name, value]) => [name.toLowerCase(), value]));
  const bound = new Map<string, Value>();
  for (const [name, parameter] of Object.entries(declared)) {
    const value = byName.get(name.toLowerCase());
    if (value !== undefined) bound.set(name, converted(value, parameter, `parameter '${name}' of ${where}`));
    else if (parameter.defaultValue !== undefined) bound.set(name, defaults(parameter.defaultValue));
    else
      throw new ActivityError(
        "BadRequest",
        `The parameter '${name}' of ${where} has no value and no default.`,
      );
  }
  return bound;
}

/** Text from a command line is read as the declared type; everything else must be of it. */
function converted(value: Value, { type }: Parameter, where: string): Value {
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
    `The ${where} must be of type '${type}'; its value is of type '${kindOf(value)}'.`,
  );
}
