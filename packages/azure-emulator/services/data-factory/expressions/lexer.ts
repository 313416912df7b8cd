import { ExpressionError } from "./expression-error";

export type Token =
  | { readonly kind: "name"; readonly text: string; readonly end: number }
  | { readonly kind: "int" | "float"; readonly text: string; readonly end: number }
  | { readonly kind: "string"; readonly text: string; readonly end: number }
  | { readonly kind: "symbol"; readonly text: string; readonly end: number }
  | { readonly kind: "end"; readonly text: ""; readonly end: number };

const pattern =
  /(?<name>[A-Za-z_]\w*)|(?<float>-?\d+(?:\.\d+(?:[eE][-+]?\d+)?|[eE][-+]?\d+))|(?<int>-?\d+)|'(?<string>(?:[^']|'')*)'|(?<symbol>\?\.|\?\[|[().,[\]}])/y;

/** Reads one token at a time, so that the parser can stop at the closing brace of `@{…}`. */
export class Lexer {
  constructor(
    private readonly text: string,
    private at: number,
  ) {}

  /** @throws ExpressionError at a character that cannot start a token */
  next(): Token {
    while (/\s/.test(this.text[this.at] ?? "")) this.at++;
    if (this.at >= this.text.length) return { kind: "end", text: "", end: this.at };
    pattern.lastIndex = this.at;
    const groups = pattern.exec(this.text)?.groups;
    if (groups === undefined) {
      throw new ExpressionError(
        `the character '${this.text[this.at]}' at position ${this.at} is not expected in '${this.text}'.`,
      );
    }
    this.at = pattern.lastIndex;
    const end = this.at;
    if (groups.name !== undefined) return { kind: "name", text: groups.name, end };
    if (groups.float !== undefined) return { kind: "float", text: groups.float, end };
    if (groups.int !== undefined) return { kind: "int", text: groups.int, end };
    if (groups.string !== undefined)
      return { kind: "string", text: groups.string.replaceAll("''", "'"), end };
    return { kind: "symbol", text: groups.symbol ?? "", end };
  }
}
