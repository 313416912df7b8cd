/** A parsed `$filter`. */
export type Filter =
  | { readonly kind: "and" | "or"; readonly left: Filter; readonly right: Filter }
  | { readonly kind: "not"; readonly of: Filter }
  | {
      readonly kind: "compare";
      readonly property: string;
      readonly operator: Operator;
      readonly value: Literal;
    }
  | { readonly kind: "call"; readonly name: string; readonly arguments: readonly Argument[] };

export type Operator = "eq" | "ne";
export type Literal = string | number | boolean | null;
export type Argument = { readonly literal: Literal } | { readonly property: string };

/** The text is no filter that Resource Manager understands. */
export class FilterSyntaxError extends Error {}

const TOKEN = /\s*(?:('(?:[^']|'')*')|([()&,:])|([A-Za-z_][\w/.-]*)|(-?\d+(?:\.\d+)?))/y;

/**
 * Reads the part of OData's filters that Resource Manager takes: eq, ne, and, or, not, parentheses, and calls such as
 * `substringof('x', name)` and `atScope()`. `names/any(n:n eq 'x')` becomes the call of `names/any` with that value.
 * @throws FilterSyntaxError
 */
export function parseFilter(text: string): Filter {
  const parser = new FilterParser(tokensOf(text));
  const filter = parser.either();
  parser.end();
  return filter;
}

function tokensOf(text: string): string[] {
  const tokens: string[] = [];
  const end = text.trimEnd().length;
  for (TOKEN.lastIndex = 0; TOKEN.lastIndex < end; ) {
    const match = TOKEN.exec(text);
    if (match === null) throw new FilterSyntaxError();
    tokens.push(match[0].trim());
  }
  return tokens;
}

class FilterParser {
  #at = 0;
  constructor(readonly tokens: readonly string[]) {}

  either(): Filter {
    let left = this.both();
    while (this.#takes("or")) left = { kind: "or", left, right: this.both() };
    return left;
  }

  both(): Filter {
    let left = this.one();
    while (this.#takes("and")) left = { kind: "and", left, right: this.one() };
    return left;
  }

  one(): Filter {
    if (this.#takes("not")) return { kind: "not", of: this.one() };
    if (this.#takes("(")) {
      const inner = this.either();
      this.#demand(")");
      return inner;
    }
    const name = this.#name();
    if (!this.#takes("(")) return this.#comparison(name);
    return /\/any$/i.test(name) ? this.#any(name) : this.#call(name);
  }

  end(): void {
    if (this.#at < this.tokens.length) throw new FilterSyntaxError();
  }

  #comparison(property: string): Extract<Filter, { kind: "compare" }> {
    const operator = this.#name().toLowerCase();
    if (operator !== "eq" && operator !== "ne") throw new FilterSyntaxError();
    const value = literalOf(this.#next());
    if (value === undefined) throw new FilterSyntaxError();
    return { kind: "compare", property, operator, value };
  }

  #any(name: string): Filter {
    const item = this.#name();
    this.#demand(":");
    const condition = this.#comparison(this.#name());
    this.#demand(")");
    if (condition.property !== item || condition.operator !== "eq") throw new FilterSyntaxError();
    return { kind: "call", name, arguments: [{ literal: condition.value }] };
  }

  #call(name: string): Filter {
    const given: Argument[] = [];
    while (!this.#takes(")")) {
      if (given.length > 0) this.#demand(",");
      const token = this.#next();
      const literal = literalOf(token);
      given.push(literal === undefined ? { property: token } : { literal });
    }
    return { kind: "call", name, arguments: given };
  }

  #name(): string {
    const token = this.#next();
    if (!/^[A-Za-z_]/.test(token)) throw new FilterSyntaxError();
    return token;
  }

  #next(): string {
    const token = this.tokens[this.#at];
    if (token === undefined) throw new FilterSyntaxError();
    this.#at += 1;
    return token;
  }

  #takes(token: string): boolean {
    if (this.tokens[this.#at]?.toLowerCase() !== token) return false;
    this.#at += 1;
    return true;
  }

  #demand(token: string): void {
    if (!this.#takes(token)) throw new FilterSyntaxError();
  }
}

function literalOf(token: string): Literal | undefined {
  if (token.startsWith("'")) return token.slice(1, -1).replaceAll("''", "'");
  if (/^-?\d/.test(token)) return Number(token);
  const words = new Map<string, Literal>([
    ["true", true],
    ["false", false],
    ["null", null],
  ]);
  return words.get(token.toLowerCase());
}
