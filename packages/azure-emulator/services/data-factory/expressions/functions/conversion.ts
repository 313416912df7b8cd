import { ExpressionError } from "../expression-error";
import { readJson } from "../json-reader";
import { binary, contentOf, toText } from "../text";
import { isArray, kindOf, type Value } from "../value";
import { xmlContentType, xmlToJson } from "../xml";
import { stringAt } from "./arguments";
import { type ExpressionFunction, eager, lazy } from "./function";

/** Conversions between types; encoding.ts has the encodings. */
export const conversionFunctions: readonly ExpressionFunction[] = [
  eager("array", 1, 1, ([value = null]) => (isArray(value) ? value : [value])),
  eager("createArray", 1, Infinity, (args) => [...args]),
  eager("bool", 1, 1, ([value = null]) => toBool(value)),
  eager("int", 1, 1, ([value = null]) => toInt(value)),
  eager("float", 1, 1, ([value = null]) => toFloat(value)),
  eager("string", 1, 1, ([value = null]) => toStringValue(value)),
  eager("json", 1, 1, (args) => toJsonValue(args)),
  lazy("coalesce", 1, Infinity, (args) => {
    for (const arg of args) {
      const value = arg();
      if (value !== null) return value;
    }
    return null;
  }),
  eager("binary", 1, 1, ([value = null]) => {
    if (value === null)
      throw new ExpressionError("the template function 'binary' expects a value, not null.");
    return binary("application/octet-stream", Buffer.from(toText(value), "utf8"));
  }),
];

function toStringValue(value: Value): string {
  if (typeof value === "bigint" && BigInt.asIntN(64, value) !== value) {
    throw new ExpressionError("the integer does not fit 64 bits.");
  }
  return toText(value);
}

function toBool(value: Value): boolean {
  if (typeof value === "boolean") return value;
  if (typeof value === "bigint") return value !== 0n;
  if (typeof value === "number") return value !== 0;
  if (typeof value === "string") {
    const text = value.trim().toLowerCase();
    if (text === "true" || text === "false") return text === "true";
  }
  throw invalid("bool", value);
}

/** Converts through a double, as the engine does: integers beyond 2^53 are rounded. */
function toInt(value: Value): bigint {
  if (typeof value === "boolean") return value ? 1n : 0n;
  const number =
    typeof value === "string" ? parseNumber(value) : typeof value === "object" ? undefined : Number(value);
  if (number === undefined || !Number.isInteger(number)) throw invalid("int", value);
  if (number >= 2 ** 63 || number < -(2 ** 63)) throw invalid("int", value);
  return BigInt(number);
}

function toFloat(value: Value): number {
  if (typeof value === "boolean") return value ? 1 : 0;
  const number =
    typeof value === "string" ? parseNumber(value) : typeof value === "object" ? undefined : Number(value);
  if (number === undefined) throw invalid("float", value);
  return number;
}

/** Parses .NET's invariant number format: a sign, thousands separators, an exponent, surrounding white space. */
function parseNumber(text: string): number | undefined {
  const trimmed = text.trim();
  if (/^(NaN|[-+]?Infinity)$/i.test(trimmed))
    return Number(trimmed.replace(/infinity/i, "Infinity").replace(/nan/i, "NaN"));
  if (!/^[-+]?(\d[\d,]*\.?\d*|\.\d+)([eE][-+]?\d+)?$/.test(trimmed)) return undefined;
  return Number(trimmed.replaceAll(",", ""));
}

function toJsonValue(args: readonly Value[]): Value {
  const value = args[0] ?? null;
  const content = contentOf(value);
  if (content !== undefined && value instanceof Map && value.get("$content-type") === xmlContentType) {
    return xmlToJson(content.toString("utf8"));
  }
  if (content !== undefined) return readJson(content.toString("utf8"));
  return readJson(stringAt("json", args, 0));
}

function invalid(name: string, value: Value): ExpressionError {
  return new ExpressionError(
    `the template function '${name}' cannot convert the value of type '${kindOf(value)}' to '${name}'.`,
  );
}
