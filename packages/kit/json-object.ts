export type JsonObject = Readonly<Record<string, unknown>>;

/**
 * The object's own member. A name from outside can be one that every object inherits, such as `constructor`, which `object[name]` would
 * find.
 */
export function ownMember<Value>(object: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

/** True for a JSON object; false for a list and for null. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
