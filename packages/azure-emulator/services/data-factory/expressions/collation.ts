/**
 * Compares strings as .NET Core does under en-US (ICU): `'a' < 'A' < 'b'`. Searches ignore case and weightless characters,
 * such as a soft hyphen.
 */
const order = new Intl.Collator("en-US");
const ignoreCase = new Intl.Collator("en-US", { sensitivity: "accent" });

export function compareText(a: string, b: string): number {
  return order.compare(a, b);
}

export function startsWith(text: string, prefix: string): boolean {
  if (ascii(text) && ascii(prefix)) return text.toLowerCase().startsWith(prefix.toLowerCase());
  return lengths(text, 0, prefix).next().done !== true || ignoreCase.compare(prefix, "") === 0;
}

export function endsWith(text: string, suffix: string): boolean {
  if (ascii(text) && ascii(suffix)) return text.toLowerCase().endsWith(suffix.toLowerCase());
  for (let start = text.length; start >= 0; start--) {
    if (ignoreCase.compare(text.slice(start), suffix) === 0) return true;
  }
  return false;
}

/** Position of the first occurrence, or -1. */
export function indexOf(text: string, part: string): number {
  if (ascii(text) && ascii(part)) return text.toLowerCase().indexOf(part.toLowerCase());
  for (let start = 0; start <= text.length; start++) if (occursAt(text, start, part)) return start;
  return -1;
}

/** Position of the last occurrence. For an empty part it is that of the last character, as in .NET Core 3.1. */
export function lastIndexOf(text: string, part: string): number {
  if (part === "") return Math.max(text.length - 1, 0);
  if (ascii(text) && ascii(part)) return text.toLowerCase().lastIndexOf(part.toLowerCase());
  for (let start = text.length; start >= 0; start--) if (occursAt(text, start, part)) return start;
  return -1;
}

/** True if `part` occurs at `start`. An occurrence never starts with a weightless character, but after it. */
function occursAt(text: string, start: number, part: string): boolean {
  const first = text[start];
  if (first !== undefined && part !== "" && ignoreCase.compare(first, "") === 0) return false;
  return part === "" || lengths(text, start, part).next().done !== true;
}

function* lengths(text: string, start: number, part: string): Generator<number> {
  for (let end = start + 1; end <= text.length; end++) {
    if (ignoreCase.compare(text.slice(start, end), part) === 0) yield end - start;
  }
}

function ascii(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    // NUL is weightless, so it needs the collator.
    if (unit === 0 || unit > 127) return false;
  }
  return true;
}
