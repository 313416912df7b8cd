import { isJsonObject as isObject, type JsonObject } from "../../../packages/kit/json-object";
import { MASK } from "./model";

export { isObject, type JsonObject };

/** The engine's placeholder for a value that is known only after the deployment. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
export const KNOWN_LATER = "(known after the deployment)";

/** Texts with more characters are shown as a diff. A resource id is shorter. */
const LONGEST_VALUE = 250;

/** The value with the keys of its objects sorted: `name` and `type` first, as people read them. */
export function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isObject(value)) return value;
  const first = ["name", "type"].filter((key) => Object.hasOwn(value, key));
  const others = Object.keys(value).filter((key) => !first.includes(key));
  return Object.fromEntries([...first, ...others.sort()].map((key) => [key, sorted(value[key])]));
}

/** JSON over several lines, with sorted keys. */
export function prettyJson(value: unknown): string {
  return plainWhereUnknown(JSON.stringify(sorted(value), undefined, 2));
}

/** The texts that show two values of a property: one line each, or longer texts to compare. */
export function displayTexts(
  before: unknown,
  after: unknown,
): { form: "value" | "text"; texts: [string, string] } {
  const structured = isStructured(before) || isStructured(after);
  if (!structured && isShort(before) && isShort(after)) {
    return { form: "value", texts: [oneLine(before), oneLine(after)] };
  }
  return { form: "text", texts: [asText(before), asText(after)] };
}

function isStructured(value: unknown): boolean {
  if (Array.isArray(value)) return !isShortList(value);
  return isObject(value) || nestedJson(value) !== undefined;
}

/** True for names or numbers that fit on a line. */
function isShortList(list: readonly unknown[]): boolean {
  const isPlain = (item: unknown) => typeof item !== "object" && nestedJson(item) === undefined;
  return list.every(isPlain) && JSON.stringify(list).length <= LONGEST_VALUE;
}

function isShort(value: unknown): boolean {
  return typeof value !== "string" || (value.length <= LONGEST_VALUE && !value.includes("\n"));
}

function oneLine(value: unknown): string {
  if (value === undefined) return "";
  return value === MASK ? MASK : plainWhereUnknown(JSON.stringify(value));
}

function asText(value: unknown): string {
  if (value === undefined) return "";
  const inner = nestedJson(value);
  if (inner !== undefined) return withLines(prettyJson(inner));
  return typeof value === "string" ? plainWhereUnknown(value) : withLines(prettyJson(value));
}

/** JSON in which a text of several lines is written over lines, as in YAML, so that you can read a query line by line. */
function withLines(json: string): string {
  return json.replace(
    /^( *)((?:"(?:[^"\\]|\\.)*": )?)("(?:[^"\\]|\\.)*"),?$/gm,
    (line, indent, key, text) => {
      const value = JSON.parse(text) as string;
      if (!value.includes("\n")) return line;
      return [`${indent}${key}|`, ...value.split("\n").map((one) => `${indent}  ${one}`)].join("\n");
    },
  );
}

/** The list or object that a text holds as JSON, even if that JSON is quoted again. */
export function nestedJson(value: unknown): unknown {
  if (typeof value !== "string" || !/^\s*["[{]/.test(value)) return undefined;
  try {
    const parsed: unknown = JSON.parse(value);
    if (typeof parsed === "string") return nestedJson(parsed);
    return typeof parsed === "object" && parsed !== null ? parsed : undefined;
  } catch {
    return undefined;
  }
}

function plainWhereUnknown(text: string): string {
  return text.replaceAll(`"${UNKNOWN}"`, KNOWN_LATER).replaceAll(UNKNOWN, KNOWN_LATER);
}
