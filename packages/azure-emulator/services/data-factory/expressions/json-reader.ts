import { ExpressionError } from "./expression-error";
import { objectOf, type Value } from "./value";

/**
 * Reads JSON as leniently as Newtonsoft: single quotes, unquoted keys, comments, trailing commas, hexadecimal and octal
 * numbers. Arrays and objects that are open at the end are closed, and text after the first value is ignored. Integers of
 * any size stay exact.
 * @throws ExpressionError for text that Newtonsoft would refuse too
 */
export function readJson(text: string): Value {
  return new JsonReader(text).document();
}

class JsonReader {
  private at = 0;
  constructor(private readonly text: string) {}

  document(): Value {
    this.space();
    return this.ended() ? null : this.value();
  }

  private value(): Value {
    this.space();
    const c = this.text[this.at];
    if (c === "{") return this.object();
    if (c === "[") return this.array();
    if (c === '"' || c === "'") return this.string(c);
    return this.scalar();
  }

  private object(): Value {
    const entries: [string, Value][] = [];
    this.at++;
    for (;;) {
      this.space();
      if (this.ended()) break;
      if (this.take("}")) break;
      const key = this.key();
      this.space();
      if (!this.take(":")) throw this.unexpected();
      entries.push([key, this.value()]);
      this.space();
      if (!this.take(",") && !this.ended() && this.text[this.at] !== "}") throw this.unexpected();
    }
    return objectOf(entries);
  }

  private array(): Value {
    const items: Value[] = [];
    this.at++;
    for (;;) {
      this.space();
      if (this.ended() || this.take("]")) return items;
      items.push(this.value());
      this.space();
      if (!this.take(",") && !this.ended() && this.text[this.at] !== "]") throw this.unexpected();
    }
  }

  private key(): string {
    const c = this.text[this.at];
    if (c === '"' || c === "'") return this.string(c);
    const match = this.match(/[\w$]+/y);
    if (match === undefined) throw this.unexpected();
    return match;
  }

  private string(quote: string): string {
    let result = "";
    this.at++;
    for (;;) {
      const c = this.text[this.at];
      if (c === undefined) throw this.unexpected();
      this.at++;
      if (c === quote) return result;
      result += c === "\\" ? this.escape() : c;
    }
  }

  private escape(): string {
    const c = this.text[this.at++] ?? "";
    if (c === "u") {
      const digits = this.match(/[0-9a-fA-F]{4}/y);
      if (digits === undefined) throw this.unexpected();
      return String.fromCharCode(Number.parseInt(digits, 16));
    }
    const known: Record<string, string> = { b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" };
    if (known[c] !== undefined) return known[c];
    if (c === '"' || c === "'" || c === "\\" || c === "/") return c;
    throw this.unexpected();
  }

  private scalar(): Value {
    const word = this.match(/[-+\w.]+/y);
    switch (word) {
      case undefined:
        throw this.unexpected();
      case "true":
        return true;
      case "false":
        return false;
      case "null":
      case "undefined":
        return null;
      case "NaN":
        return Number.NaN;
      case "Infinity":
        return Number.POSITIVE_INFINITY;
      case "-Infinity":
        return Number.NEGATIVE_INFINITY;
    }
    if (/^-?0[xX][0-9a-fA-F]+$/.test(word)) return BigInt(word);
    if (/^0[0-7]+$/.test(word)) return BigInt(`0o${word.slice(1)}`);
    if (/^-?\d+$/.test(word)) return BigInt(word);
    if (/^-?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$/.test(word)) return Number(word);
    throw this.unexpected();
  }

  /** Skips white space and comments. */
  private space(): void {
    this.match(/(?:\s|\/\*[\s\S]*?\*\/|\/\/[^\r\n]*)+/y);
  }

  private match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const match = pattern.exec(this.text)?.[0];
    if (match !== undefined) this.at += match.length;
    return match;
  }

  private take(c: string): boolean {
    if (this.text[this.at] !== c) return false;
    this.at++;
    return true;
  }

  private ended(): boolean {
    return this.at >= this.text.length;
  }

  private unexpected(): ExpressionError {
    return new ExpressionError(`the text is not valid JSON at position ${this.at}.`);
  }
}
