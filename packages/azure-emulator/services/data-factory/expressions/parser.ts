import { ExpressionError } from "./expression-error";
import { Lexer, type Token } from "./lexer";
import type { Expression } from "./syntax";
import type { Value } from "./value";

const INT64_MAX = 2n ** 63n - 1n;
const INT64_MIN = -(2n ** 63n);

/**
 * Parses one expression that starts at `start` and is followed by `stop`.
 * @returns the tree and the position after `stop`
 * @throws ExpressionError naming the position
 */
export function parseExpression(
  text: string,
  start: number,
  stop: "end" | "}",
): { readonly expression: Expression; readonly end: number } {
  return new Parser(text, start).parse(stop);
}

class Parser {
  private readonly lexer: Lexer;
  private token: Token;

  constructor(
    private readonly text: string,
    start: number,
  ) {
    this.lexer = new Lexer(text, start);
    this.token = this.lexer.next();
  }

  parse(stop: "end" | "}"): { expression: Expression; end: number } {
    const expression = this.expression();
    const stopped = stop === "end" ? this.token.kind === "end" : this.is("}");
    if (!stopped) throw this.unexpected();
    return { expression, end: this.token.end };
  }

  private expression(): Expression {
    let base = this.primary();
    for (;;) {
      if (this.is(".") || this.is("?.")) {
        const forgiving = this.advance().text === "?.";
        const name = this.advance();
        if (name.kind !== "name") throw this.unexpected(name);
        base = { kind: "access", base, key: { kind: "literal", value: name.text }, forgiving };
      } else if (this.is("[") || this.is("?[")) {
        const forgiving = this.advance().text === "?[";
        const key = this.expression();
        this.expect("]");
        base = { kind: "access", base, key, forgiving };
      } else return base;
    }
  }

  private primary(): Expression {
    const token = this.advance();
    switch (token.kind) {
      case "string":
        return literal(token.text);
      case "int": {
        const value = BigInt(token.text);
        if (value > INT64_MAX || value < INT64_MIN) throw this.unexpected(token);
        return literal(value);
      }
      case "float":
        return literal(Number(token.text));
      case "name":
        return this.is("(") ? this.call(token.text) : this.keyword(token);
      default:
        throw this.unexpected(token);
    }
  }

  private call(name: string): Expression {
    const args: Expression[] = [];
    this.advance();
    if (!this.is(")")) {
      args.push(this.expression());
      while (this.is(",")) {
        this.advance();
        args.push(this.expression());
      }
    }
    this.expect(")");
    return { kind: "call", name, args };
  }

  private keyword(token: Token): Expression {
    switch (token.text.toLowerCase()) {
      case "true":
        return literal(true);
      case "false":
        return literal(false);
      case "null":
        return literal(null);
      default:
        throw this.unexpected(token);
    }
  }

  private is(symbol: string): boolean {
    return this.token.kind === "symbol" && this.token.text === symbol;
  }

  private expect(symbol: string): void {
    if (!this.is(symbol)) throw this.unexpected();
    this.advance();
  }

  private advance(): Token {
    const token = this.token;
    if (token.kind !== "end") this.token = this.lexer.next();
    return token;
  }

  private unexpected(token = this.token): ExpressionError {
    const what = token.kind === "end" ? "the end of the expression" : `'${token.text}'`;
    return new ExpressionError(
      `${what} is not expected at position ${token.end} of the expression '${this.text}'.`,
    );
  }
}

function literal(value: Value): Expression {
  return { kind: "literal", value };
}
