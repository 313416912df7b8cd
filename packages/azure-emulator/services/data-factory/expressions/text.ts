import { writeJson } from "./json-writer";
import { floatText } from "./number-text";
import { isArray, isObject, type Value, type ValueObject } from "./value";

/**
 * Converts a value to a string as `string()`, `concat()` and `@{…}` do: null is empty, booleans are `True` and `False`,
 * arrays and objects are compact JSON, binary and XML objects are their content.
 */
export function toText(value: Value): string {
  if (value === null) return "";
  switch (typeof value) {
    case "string":
      return value;
    case "boolean":
      return value ? "True" : "False";
    case "bigint":
      return value.toString();
    case "number":
      return floatText(value);
    default:
      if (isArray(value)) return writeJson(value);
      return contentOf(value)?.toString("utf8") ?? writeJson(value);
  }
}

/** The bytes of a `{"$content-type", "$content"}` object, or undefined for any other object. */
export function contentOf(value: Value): Buffer | undefined {
  if (!isObject(value)) return undefined;
  const content = value.get("$content");
  return value.has("$content-type") && typeof content === "string"
    ? Buffer.from(content, "base64")
    : undefined;
}

/** The engine's representation of bytes. */
export function binary(contentType: string, bytes: Buffer): ValueObject {
  return new Map([
    ["$content-type", contentType],
    ["$content", bytes.toString("base64")],
  ]);
}
