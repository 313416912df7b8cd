import { type CastType, castTypes, type Expression, type Literal, type LiteralType } from "./expression";
import { isSystemFunction } from "./system-functions";
import type { TokenReader } from "./token-reader";

/** A literal, a variable, a function of the system, or a CAST or CONVERT of one. @throws NotUnderstood */
export function parseExpression(reader: TokenReader): Expression {
  const variable = reader.variable();
  if (variable !== undefined) return { kind: "variable", name: variable };
  const word = reader.peekWord();
  if (word === undefined || word === "null") return parseLiteral(reader);
  reader.skip();
  if (word === "cast") return cast(reader);
  if (word === "convert") return convert(reader);
  return systemFunction(reader, word);
}

/** @throws NotUnderstood */
export function parseLiteral(reader: TokenReader): Literal {
  const negative = reader.symbol("-");
  const token = reader.peek();
  reader.skip();
  if (token?.kind === "number") {
    const value = (negative ? "-" : "") + token.text;
    return { kind: "literal", type: typeOfNumber(token.text), value };
  }
  if (negative) return reader.fail();
  if (token?.kind === "string") return { kind: "literal", type: "text", value: token.text };
  if (token?.kind === "word" && token.text.toLowerCase() === "null")
    return { kind: "literal", type: "int", value: null };
  return reader.fail();
}

const largestInt = 2_147_483_647n;

function typeOfNumber(text: string): LiteralType {
  if (/e/i.test(text)) return "float";
  return /^\d+$/.test(text) && BigInt(text) <= largestInt ? "int" : "numeric";
}

/** `CAST(value AS type)` */
function cast(reader: TokenReader): Expression {
  reader.expectSymbol("(");
  const of = parseExpression(reader);
  reader.expectWord("as");
  const to = castType(reader);
  reader.expectSymbol(")");
  return { kind: "cast", to, of };
}

/** `CONVERT(type, value)` */
function convert(reader: TokenReader): Expression {
  reader.expectSymbol("(");
  const to = castType(reader);
  reader.expectSymbol(",");
  const of = parseExpression(reader);
  reader.expectSymbol(")");
  return { kind: "cast", to, of };
}

/** A text's length may only be `max` or large enough for every value of a system function. */
function castType(reader: TokenReader): CastType {
  const word = reader.word();
  const type = castTypes.find((one) => one === word) ?? reader.fail();
  if (!/varchar$/.test(type) || !reader.symbol("(")) return type;
  if (!reader.optionalWord("max") && Number(reader.number()) < 128) reader.fail();
  reader.expectSymbol(")");
  return type;
}

function systemFunction(reader: TokenReader, name: string): Expression {
  const called = reader.symbol("(");
  const given: (string | null)[] = [];
  if (called && !reader.symbol(")")) {
    given.push(...reader.list(() => parseLiteral(reader).value));
    reader.expectSymbol(")");
  }
  return isSystemFunction(name, called, given) ? { kind: "function", name, arguments: given } : reader.fail();
}
