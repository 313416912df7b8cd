import { MASK } from "../run/mask";

/** A definition as Data Factory answers it: with asterisks for the value of each SecureString, wherever it is. */
export function withoutSecureStrings(properties: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(properties).map(([name, value]) => [name, masked(value)]));
}

function masked(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(masked);
  if (typeof value !== "object" || value === null) return value;
  const { type } = value as { readonly type?: unknown };
  if (type === "SecureString" && Object.hasOwn(value, "value")) return { ...value, value: MASK };
  return withoutSecureStrings(value as Record<string, unknown>);
}
