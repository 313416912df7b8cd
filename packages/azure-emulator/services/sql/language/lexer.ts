/** A piece of T-SQL. */
export type Token =
  /** A word or `@variable`, in the text's case. */
  | { readonly kind: "word"; readonly text: string; readonly at: number }
  /** `[name]` or `"name"`, without its quotes. */
  | { readonly kind: "name"; readonly text: string; readonly at: number }
  /** A string literal's value. */
  | { readonly kind: "string"; readonly text: string; readonly at: number }
  | { readonly kind: "number"; readonly text: string; readonly at: number }
  | { readonly kind: "symbol"; readonly text: string; readonly at: number };

const skipped = /(?:\s+|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)+/y;
const patterns: readonly [Token["kind"], RegExp, (match: string) => string][] = [
  ["string", /[Nn]?'(?:[^']|'')*'/y, (text) => text.slice(text.indexOf("'") + 1, -1).replaceAll("''", "'")],
  ["name", /\[(?:[^\]]|\]\])*\]/y, (text) => text.slice(1, -1).replaceAll("]]", "]")],
  ["name", /"(?:[^"]|"")*"/y, (text) => text.slice(1, -1).replaceAll('""', '"')],
  [
    "number",
    /(?:\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)(?![@#$_\p{L}\p{N}])/uy,
    (text) => text,
  ],
  ["word", /[@#_\p{L}][@#$_\p{L}\p{N}]*/uy, (text) => text],
  ["symbol", /[^\s]/uy, (text) => text],
];

/** Cuts T-SQL into tokens; comments and white space are dropped. Any text can be cut, so it never throws. */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    skipped.lastIndex = at;
    at += skipped.exec(text)?.[0].length ?? 0;
    if (at >= text.length) break;
    for (const [kind, pattern, value] of patterns) {
      pattern.lastIndex = at;
      const match = pattern.exec(text)?.[0];
      if (match === undefined) continue;
      tokens.push({ kind, text: value(match), at });
      at += match.length;
      break;
    }
  }
  return tokens;
}
