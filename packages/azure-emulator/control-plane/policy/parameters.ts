import { isJsonObject } from "../../../kit/json-object";
import { UnsupportedPolicy, within } from "./unsupported-policy";

/** The values of a definition's parameters, by their names in lower case. */
export type Parameters = ReadonlyMap<string, unknown>;

/** A parameter of a definition or a set. */
export interface DeclaredParameter {
  readonly type?: string | null | undefined;
  readonly defaultValue?: unknown;
  readonly allowedValues?: readonly unknown[] | null | undefined;
}

type Declared = Readonly<Record<string, DeclaredParameter>>;
type Given = Readonly<Record<string, { readonly value?: unknown }>>;

/** What each type of a parameter holds. */
const TYPES: ReadonlyMap<string, (value: unknown) => boolean> = new Map([
  ["string", (value: unknown) => typeof value === "string"],
  ["datetime", (value: unknown) => typeof value === "string"],
  ["array", Array.isArray],
  ["object", isJsonObject],
  ["boolean", (value: unknown) => typeof value === "boolean"],
  ["integer", Number.isInteger],
  ["float", (value: unknown) => typeof value === "number"],
]);

/**
 * The values of the declared parameters: given ones before defaults. Names ignore case.
 * Source: learn.microsoft.com/azure/governance/policy/concepts/definition-structure-parameters.
 * @param read what a given value stands for
 * @throws UnsupportedPolicy for a parameter without a value, of another type or beside the allowed values, and for a value of none
 */
export function parameterValues(
  declared: Declared,
  given: Given,
  read: (value: unknown) => unknown,
): Parameters {
  const values = new Map(
    Object.entries(given).map(([name, { value }]) => [
      name.toLowerCase(),
      () => within(name, () => read(value)),
    ]),
  );
  const result = new Map<string, unknown>();
  for (const [name, parameter] of Object.entries(declared)) {
    const key = name.toLowerCase();
    const value = values.get(key)?.() ?? parameter.defaultValue;
    values.delete(key);
    requireValue(name, parameter, value);
    result.set(key, value);
  }
  const [undeclared] = values.keys();
  if (undeclared !== undefined)
    throw new UnsupportedPolicy(`the parameter '${undeclared}' is given a value, but not declared`);
  return result;
}

function requireValue(name: string, { type, allowedValues }: DeclaredParameter, value: unknown): void {
  if (value === undefined || value === null)
    throw new UnsupportedPolicy(
      `the parameter '${name}' has no value; write "parameters": {"${name}": {"value": …}} where the definition is assigned, or a "defaultValue" where the parameter is declared`,
    );
  const holds = TYPES.get((type ?? "").toLowerCase());
  if (type && holds === undefined)
    throw new UnsupportedPolicy(`the parameter '${name}' has the type ${type}, which is not known`);
  if (holds?.(value) === false)
    throw new UnsupportedPolicy(`the parameter '${name}' must be of the type ${type}`);
  if (allowedValues && !isAllowed(allowedValues, value))
    throw new UnsupportedPolicy(
      `the parameter '${name}' must be one of ${allowedValues.map((allowed) => JSON.stringify(allowed)).join(", ")}`,
    );
}

/** Of a list, each element may be one of the allowed values. */
function isAllowed(allowed: readonly unknown[], value: unknown): boolean {
  if (allowed.some((one) => sameJson(one, value))) return true;
  return Array.isArray(value) && value.every((item) => isAllowed(allowed, item));
}

const sameJson = (one: unknown, other: unknown) =>
  JSON.stringify(one).toLowerCase() === JSON.stringify(other).toLowerCase();
