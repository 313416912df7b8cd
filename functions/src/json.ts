/** A JSON object whose members are still to be judged. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** True for `{…}`, false for arrays and null. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
