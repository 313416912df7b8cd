/** Shorter values would blank out ordinary words. */
const MIN_SECRET_LENGTH = 6;
const JSON_WEB_TOKEN = /\beyJ[\w-]{8,}\.[\w-]+\.[\w-]*/g;
const BEARER = /\b(Bearer)\s+[\w.~+/=-]+/gi;

/** The longest text of a request that is shown; no id of a dataset is longer. */
const LONGEST_SHOWN = 200;

/** Every text and number inside a value, at any depth: a list of what is left to look at, because deep calls overflow the stack. */
export function textsIn(value: unknown): string[] {
  const texts: string[] = [];
  const left = [value];
  for (const each of left) {
    if (typeof each === "string" || typeof each === "number") texts.push(String(each));
    else if (typeof each === "object" && each !== null)
      for (const inner of Object.values(each)) left.push(inner);
  }
  return texts;
}

/** A request's text for a message or the log. Of a long one it shows only the length: redaction would not find half a secret. */
export function shown(text: string): string {
  return text.length <= LONGEST_SHOWN ? text : `(${text.length} characters)`;
}

/** Replaces known secrets, and whatever looks like a token, by `***`. */
export function redact(text: string, secrets: readonly string[]): string {
  let result = text;
  // Longest first: a secret may contain another.
  for (const secret of [...secrets].sort((a, b) => b.length - a.length)) {
    // No spelling is shorter than the secret.
    if (secret.length < MIN_SECRET_LENGTH || secret.length > text.length) continue;
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
