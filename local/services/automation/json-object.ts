/** A JSON object, read as PowerShell reads one: names without regard to case. */
export type JsonObject = Readonly<Record<string, unknown>>;

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The member of that name; undefined where the value is no object or has none. */
export function member(value: unknown, name: string): unknown {
  if (!isJsonObject(value)) return undefined;
  const key = Object.keys(value).find((candidate) => candidate.toLowerCase() === name.toLowerCase());
  return key === undefined ? undefined : value[key];
}

/** ConvertFrom-JsonObject of the script. @throws Error with the script's words. */
export function parseJsonObject(text: string, what: string): JsonObject {
  if (!/^[ \t\r\n]*\{/.test(text)) throw new Error(`Rejected: ${what} is not a JSON object.`);
  try {
    return JSON.parse(text, refuseCaseTwins) as JsonObject;
  } catch {
    throw new Error(`Rejected: ${what} is not valid JSON.`);
  }
}

/** ConvertFrom-Json refuses an object with two names that differ in case only. */
function refuseCaseTwins(_key: string, value: unknown): unknown {
  if (isJsonObject(value)) {
    const names = Object.keys(value);
    if (new Set(names.map((name) => name.toLowerCase())).size < names.length)
      throw new SyntaxError("names differ in case only");
  }
  return value;
}
