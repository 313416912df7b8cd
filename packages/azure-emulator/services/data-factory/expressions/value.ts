/**
 * A value of the expression language. Integers are `bigint` and floats are `number`, because the engine distinguishes them
 * (`1` and `1.0` print differently and differ inside an array). Objects keep the order of their keys.
 */
export type Value = null | boolean | bigint | number | string | ValueArray | ValueObject;
export interface ValueArray extends ReadonlyArray<Value> {}
export interface ValueObject extends ReadonlyMap<string, Value> {}

export type ValueKind = "null" | "bool" | "int" | "float" | "string" | "array" | "object";

export function isArray(value: Value): value is ValueArray {
  return Array.isArray(value);
}

export function isObject(value: Value): value is ValueObject {
  return value instanceof Map;
}

/** The type name of a value in error messages. */
export function kindOf(value: Value): ValueKind {
  if (value === null) return "null";
  switch (typeof value) {
    case "boolean":
      return "bool";
    case "bigint":
      return "int";
    case "number":
      return "float";
    case "string":
      return "string";
    default:
      return isArray(value) ? "array" : "object";
  }
}

/** Finds a property by its exact name, else ignoring case. Undefined if there is none. */
export function property(object: ValueObject, name: string): Value | undefined {
  const exact = object.get(name);
  if (exact !== undefined) return exact;
  const wanted = name.toLowerCase();
  for (const [key, value] of object) if (key.toLowerCase() === wanted) return value;
  return undefined;
}

/** Converts values of `JSON.parse` and of database drivers. Whole numbers become integers. */
export function fromJson(json: unknown): Value {
  switch (typeof json) {
    case "boolean":
    case "bigint":
    case "string":
      return json;
    case "number":
      return Number.isSafeInteger(json) ? BigInt(json) : json;
    case "object":
      if (json === null) return null;
      if (Array.isArray(json)) return json.map(fromJson);
      if (json instanceof Date) return json.toISOString();
      if (Buffer.isBuffer(json)) return json.toString("base64");
      if (json instanceof Map) return json as ValueObject;
      return objectOf(Object.entries(json).map(([key, value]) => [key, fromJson(value)]));
    default:
      return null;
  }
}

/** Converts to a value for `JSON.stringify`. An integer beyond 2^53 becomes a string, which keeps every digit. */
export function toJson(value: Value): unknown {
  if (typeof value === "bigint") {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : value.toString();
  }
  if (value === null || typeof value !== "object") return value;
  if (isArray(value)) return value.map(toJson);
  return Object.fromEntries([...value].map(([key, item]) => [key, toJson(item)]));
}

export function objectOf(entries: Iterable<readonly [string, Value]>): ValueObject {
  return new Map(entries);
}

/** True if values and types are equal at every depth: `1` and `1.0` differ. The order of object keys does not matter. */
export function sameValue(a: Value, b: Value): boolean {
  if (a === b) return true;
  if (a === null || b === null || typeof a !== "object" || typeof b !== "object") return false;
  if (isArray(a)) {
    return isArray(b) && a.length === b.length && a.every((item, index) => sameValue(item, b[index] ?? null));
  }
  if (isArray(b) || a.size !== b.size) return false;
  return [...a].every(([key, item]) => {
    const other = b.get(key);
    return other !== undefined && sameValue(item, other);
  });
}
