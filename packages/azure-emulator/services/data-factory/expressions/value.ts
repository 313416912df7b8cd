/**
 * A value of the expression language. Integers are `bigint` and floats are `number`, because the engine keeps
 * them apart (`1` and `1.0` are different in an array and print differently). Objects keep their keys' order.
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

/** The kind of a value as error messages name it. */
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

/** A property by name: the exact spelling first, then without regard to case. `undefined` where there is none. */
export function property(object: ValueObject, name: string): Value | undefined {
  const exact = object.get(name);
  if (exact !== undefined) return exact;
  const wanted = name.toLowerCase();
  for (const [key, value] of object) if (key.toLowerCase() === wanted) return value;
  return undefined;
}

/** Values of `JSON.parse` and of drivers as expression values. Whole numbers become integers. */
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

/** What `JSON.stringify` can print. An integer beyond 2^53 becomes a string, so that no digit is lost. */
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

/** Same value of the same kind, all the way down: `1` and `1.0` differ. Object keys may come in any order. */
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
