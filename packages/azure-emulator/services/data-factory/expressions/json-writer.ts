import { floatText } from "./number-text";
import { isArray, type Value } from "./value";

/** Writes compact JSON as Newtonsoft does: floats keep a decimal point, NaN and infinities are strings. */
export function writeJson(value: Value): string {
  if (value === null) return "null";
  switch (typeof value) {
    case "boolean":
      return value ? "true" : "false";
    case "bigint":
      return value.toString();
    case "number":
      return writeFloat(value);
    case "string":
      return writeString(value);
    default:
      if (isArray(value)) return `[${value.map(writeJson).join(",")}]`;
      return `{${[...value].map(([key, item]) => `${writeString(key)}:${writeJson(item)}`).join(",")}}`;
  }
}

function writeFloat(value: number): string {
  const text = floatText(value);
  if (!Number.isFinite(value)) return `"${text}"`;
  return /[.E]/.test(text) ? text : `${text}.0`;
}

function writeString(value: string): string {
  return JSON.stringify(value).replace(
    /[\u0085\u2028\u2029]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
