import type { TypedValue } from "../language/system-functions";
import { SqlServerError } from "./sql-server-error";

/** Values of `@variables` in a text, from sp_executesql; names in lower case. */
export type Variables = ReadonlyMap<string, TypedValue>;

/** @throws SqlServerError 137 for a variable without a value */
export function variableOf(name: string, variables: Variables): TypedValue {
  const found = variables.get(name.toLowerCase());
  if (found !== undefined) return found;
  throw new SqlServerError(137, `Must declare the scalar variable "${name}".`, { class: 15, state: 2 });
}

/** A literal's value or a variable's. @throws SqlServerError 137 */
export function resolveValue(
  value: string | null | { readonly variable: string },
  variables: Variables,
): string | null {
  return value === null || typeof value === "string" ? value : variableOf(value.variable, variables).value;
}
