/** A piece of T-SQL, without the blanks and comments around it. */
export interface Token {
  /** `name` is a word, quoted or not: keyword, identifier or function. `variable` includes `@@rowcount`. */
  readonly kind: "name" | "variable" | "string" | "number" | "symbol";
  /** Lower case, without quotes or brackets. For a string its value, with doubled quotes undone. */
  readonly text: string;
  /** As it is written. */
  readonly raw: string;
  /** True for a name in brackets or double quotes, which is never a keyword. */
  readonly quoted: boolean;
  /** Line number, from 1. */
  readonly line: number;
}

const pattern = new RegExp(
  [
    String.raw`(?<blank>\s+|--[^\n]*|/\*[\s\S]*?(?:\*/|$))`,
    "(?<string>[nN]?'(?:[^']|'')*(?:'|$))",
    String.raw`(?<bracketed>\[(?:[^\]]|\]\])*(?:\]|$)|"(?:[^"]|"")*(?:"|$))`,
    String.raw`(?<variable>@[@\w#$]*)`,
    String.raw`(?<number>0x[0-9a-fA-F]*|\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+)`,
    String.raw`(?<name>[\p{L}_#][\p{L}\p{N}_#$@]*)`,
    String.raw`(?<symbol><>|<=|>=|!=|::|\+=|[\s\S])`,
  ].join("|"),
  "uy",
);

/** The tokens of a text. An unclosed string or comment ends with the text, because pieces of generated SQL may have one. */
export function tokensOf(sql: string): Token[] {
  const tokens: Token[] = [];
  let line = 1;
  let start = 0;
  while (start < sql.length) {
    pattern.lastIndex = start;
    const groups = pattern.exec(sql)?.groups ?? {};
    const end = pattern.lastIndex;
    const raw = sql.slice(start, end);
    const at = { raw, line };
    if (groups.string !== undefined)
      tokens.push({ kind: "string", text: unquoted(raw.replace(/^n/i, ""), "'"), quoted: true, ...at });
    else if (groups.bracketed !== undefined) {
      const text = unquoted(raw, raw.startsWith("[") ? "]" : '"').toLowerCase();
      tokens.push({ kind: "name", text, quoted: true, ...at });
    } else if (groups.blank === undefined) {
      const kind = (["variable", "number", "name"] as const).find((one) => groups[one] !== undefined);
      tokens.push({ kind: kind ?? "symbol", text: raw.toLowerCase(), quoted: false, ...at });
    }
    line += raw.split("\n").length - 1;
    start = end;
  }
  return tokens;
}

function unquoted(raw: string, close: string): string {
  const text = raw.length > 1 && raw.endsWith(close) ? raw.slice(1, -1) : raw.slice(1);
  return text.replaceAll(close + close, close);
}

/** True if the token is a symbol or an unquoted word with one of the texts. */
export function is(token: Token | undefined, ...texts: readonly string[]): boolean {
  return (
    token !== undefined &&
    (token.kind === "symbol" || token.kind === "name") &&
    !token.quoted &&
    texts.includes(token.text)
  );
}

/** The index of the bracket that closes the one at `open`; the end of the list if none does. */
export function closing(tokens: readonly Token[], open: number): number {
  let depth = 0;
  for (let index = open; index < tokens.length; index += 1) {
    if (is(tokens[index], "(")) depth += 1;
    if (is(tokens[index], ")")) depth -= 1;
    if (depth === 0) return index;
  }
  return tokens.length;
}

/** Splits a list at the commas outside brackets. */
export function parts(tokens: readonly Token[], divider = ","): Token[][] {
  const found: Token[][] = [[]];
  let depth = 0;
  for (const token of tokens) {
    if (is(token, "(")) depth += 1;
    if (is(token, ")")) depth -= 1;
    if (depth === 0 && is(token, divider)) found.push([]);
    else found.at(-1)?.push(token);
  }
  return found;
}

/** Every call of one of the names, with a list of tokens for each argument. */
export function calls(
  tokens: readonly Token[],
  ...names: readonly string[]
): { name: Token; args: Token[][] }[] {
  return tokens.flatMap((name, index) =>
    is(name, ...names) && is(tokens[index + 1], "(") && !is(tokens[index - 1], ".")
      ? [{ name, args: parts(tokens.slice(index + 2, closing(tokens, index + 1))) }]
      : [],
  );
}

/** Operands joined by `+`; a single operand is a chain too. */
export interface Chain {
  readonly operands: readonly (readonly Token[])[];
  /** The tokens around the chain. */
  readonly before: Token | undefined;
  readonly after: readonly Token[];
}

/** Every chain of a text, including those inside brackets, calls and CASEs. A word that is not an operand is a chain by itself. */
export function chains(tokens: readonly Token[]): Chain[] {
  const found: Chain[] = [];
  for (let index = 0; index < tokens.length; ) {
    const first = index;
    const operands: Token[][] = [];
    for (let end = operandEnd(tokens, index); end !== undefined; end = operandEnd(tokens, index)) {
      const operand = tokens.slice(index, end);
      operands.push(operand);
      if (operand.length > 1) found.push(...chains(innerOf(operand)));
      index = end;
      if (!is(tokens[index], "+")) break;
      index += 1;
    }
    if (operands.length === 0) index += 1;
    else found.push({ operands, before: tokens[first - 1], after: tokens.slice(index, index + 4) });
  }
  return found;
}

/** The end of the operand that begins at `start`; undefined if none begins there. */
function operandEnd(tokens: readonly Token[], start: number): number | undefined {
  const token = tokens[start];
  if (token === undefined) return undefined;
  let end = start + 1;
  if (is(token, "(")) end = Math.min(closing(tokens, start) + 1, tokens.length);
  else if (is(token, "case")) end = caseEnd(tokens, start);
  else if (token.kind === "name") {
    while (is(tokens[end], ".") && tokens[end + 1]?.kind === "name") end += 2;
    if (is(tokens[end], "(")) end = Math.min(closing(tokens, end) + 1, tokens.length);
    const window = is(tokens[end], "within") ? end + 2 : is(tokens[end], "over") ? end + 1 : undefined;
    if (window !== undefined) end = Math.min(closing(tokens, window) + 1, tokens.length);
  } else if (token.kind === "symbol") return undefined;
  return is(tokens[end], "collate") ? end + 2 : end;
}

function caseEnd(tokens: readonly Token[], start: number): number {
  let depth = 0;
  for (let index = start; index < tokens.length; index += 1) {
    if (is(tokens[index], "case")) depth += 1;
    if (is(tokens[index], "end")) depth -= 1;
    if (depth === 0) return index + 1;
  }
  return tokens.length;
}

/** The inner tokens of an operand: the contents of its brackets or of its CASE. */
function innerOf(operand: readonly Token[]): readonly Token[] {
  if (is(operand[0], "case")) return operand.slice(1);
  const open = operand.findIndex((token) => is(token, "("));
  return open < 0 ? [] : operand.slice(open + 1, closing(operand, open));
}

/** A text that a file builds from literals, with `…` for the parts between them. */
export interface GeneratedText {
  readonly text: string;
  /** Line of its first literal. */
  readonly line: number;
}

/** The texts that chains with a literal build, with doubled quotes undone, so that generated SQL can be read as SQL. */
export function generatedTexts(tokens: readonly Token[]): GeneratedText[] {
  return chains(tokens).flatMap(({ operands }) => {
    const literal = operands.find(([first]) => first?.kind === "string")?.[0];
    const text = operands.map(([first]) => (first?.kind === "string" ? first.text : "…")).join("");
    return literal === undefined ? [] : [{ text, line: literal.line }];
  });
}
