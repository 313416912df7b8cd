import { SqlServerError } from "./sql-server-error";

/** Values of `@variables` in a text, from sp_executesql; names in lower case. */
export type Variables = ReadonlyMap<string, string | null>;

/** @throws SqlServerError 137 for a variable without a value */
export function resolveValue(
  value: string | null | { readonly variable: string },
  variables: Variables,
): string | null {
  if (value === null || typeof value === "string") return value;
  const found = variables.get(value.variable.toLowerCase());
  if (found === undefined)
    throw new SqlServerError(137, `Must declare the scalar variable "${value.variable}".`, {
      class: 15,
      state: 2,
    });
  return found;
}
