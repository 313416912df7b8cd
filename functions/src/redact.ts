/** Shorter values would blank out ordinary words. */
const MIN_SECRET_LENGTH = 6;
const JSON_WEB_TOKEN = /\beyJ[\w-]{8,}\.[\w-]+\.[\w-]*/g;
const BEARER = /\b(Bearer)\s+[\w.~+/=-]+/gi;

/** Every text and number inside a value, at any depth. */
export function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value === "number") return [String(value)];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(textsIn);
}

/** Replaces known secrets, and whatever looks like a token, by `***`. */
export function redact(text: string, secrets: readonly string[]): string {
  let result = text;
  // Longest first: a secret may contain another.
  for (const secret of [...secrets].sort((a, b) => b.length - a.length)) {
    if (secret.length < MIN_SECRET_LENGTH) continue;
    for (const spelling of spellings(secret)) result = result.replaceAll(spelling, "***");
  }
  return result.replace(JSON_WEB_TOKEN, "***").replace(BEARER, "$1 ***");
}

/** The secret as it is, and as encoded in JSON, in a URL, in a form and in a Basic header. */
function spellings(secret: string): Set<string> {
  const utf8 = Buffer.from(secret);
  // A URL cannot hold half a surrogate pair; it is sent as U+FFFD.
  const wellFormed = utf8.toString();
  return new Set([
    secret,
    wellFormed,
    JSON.stringify(secret).slice(1, -1),
    encodeURIComponent(wellFormed),
    new URLSearchParams([["", wellFormed]]).toString().slice(1),
    utf8.toString("base64"),
  ]);
}
