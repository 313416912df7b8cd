export type JsonObject = Readonly<Record<string, unknown>>;

/** True for a JSON object: not for a list, and not for null. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
