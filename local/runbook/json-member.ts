import { isJsonObject, type JsonObject } from "../../packages/kit/json-object";

/**
 * Get-Value of the script: the member of that name, in any case; undefined if the value is not an object or has no such member.
 * @throws Error with the script's message if two names differ only in case.
 */
export function member(value: unknown, name: string): unknown {
  if (!isJsonObject(value)) return undefined;
  const keys = Object.keys(value).filter((key) => sameInAnyCase(key, name));
  if (keys.length > 1) throw new Error(`Rejected: ${name} is there twice, in upper and lower case.`);
  return keys[0] === undefined ? undefined : value[keys[0]];
}

/** Get-Text of the script: the same if it is text; otherwise "". */
export function textMember(value: unknown, name: string): string {
  const found = member(value, name);
  return typeof found === "string" ? found : "";
}

/** .NET's OrdinalIgnoreCase for an ASCII name: no letter outside ASCII equals one of it. */
export function sameInAnyCase(text: string, ascii: string): boolean {
  const lower = (one: string) => one.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
  return lower(text) === lower(ascii);
}

/** Read-JsonObject of the script. @throws Error with the script's message. */
export function parseJsonObject(text: string, what: string): JsonObject {
  if (!/^[ \t\r\n]*\{/.test(text)) throw new Error(`Rejected: ${what} is not a JSON object.`);
  try {
    return JSON.parse(text) as JsonObject;
  } catch {
    throw new Error(`Rejected: ${what} is not valid JSON.`);
  }
}
