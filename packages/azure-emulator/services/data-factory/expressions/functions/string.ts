import { randomUUID } from "node:crypto";
import * as collation from "../collation";
import { ExpressionError } from "../expression-error";
import { toText } from "../text";
import type { Value } from "../value";
import { int32At, integerAt, stringAt } from "./arguments";
import { type ExpressionFunction, eager } from "./function";

/** The ten string functions. Searches ignore case; `replace` and `split` do not. */
export const stringFunctions: readonly ExpressionFunction[] = [
  eager("concat", 1, Infinity, (args) => args.map(toText).join("")),
  eager("endsWith", 2, 2, (args) => collation.endsWith(...twoStrings("endsWith", args))),
  eager("startsWith", 2, 2, (args) => collation.startsWith(...twoStrings("startsWith", args))),
  eager("indexOf", 2, 2, (args) => BigInt(collation.indexOf(...twoStrings("indexOf", args)))),
  eager("lastIndexOf", 2, 2, (args) => BigInt(collation.lastIndexOf(...twoStrings("lastIndexOf", args)))),
  eager("guid", 0, 1, (args) => guid(args.length === 0 ? "D" : stringAt("guid", args, 0))),
  eager("replace", 3, 3, (args) => {
    const [text, old] = twoStrings("replace", args);
    if (old === "")
      throw new ExpressionError("the template function 'replace' cannot replace an empty string.");
    return text.split(old).join(stringAt("replace", args, 2));
  }),
  eager("split", 2, 2, (args) => {
    const [text, separator] = twoStrings("split", args);
    return separator === "" ? [text] : text.split(separator);
  }),
  eager("substring", 2, 3, substring),
  eager("toLower", 1, 1, (args) => stringAt("toLower", args, 0).toLowerCase()),
  eager("toUpper", 1, 1, (args) => stringAt("toUpper", args, 0).toUpperCase()),
  eager("trim", 1, 1, (args) => stringAt("trim", args, 0).trim()),
];

function twoStrings(name: string, args: readonly Value[]): [string, string] {
  return [stringAt(name, args, 0), stringAt(name, args, 1)];
}

function substring(args: readonly Value[]): string {
  const text = stringAt("substring", args, 0);
  const start = int32At("substring", args, 1);
  if (start < 0 || start >= text.length) {
    throw new ExpressionError(
      "the template function 'substring' expects a start index inside the string; the start is outside.",
    );
  }
  if (args.length === 2) return text.slice(start);
  integerAt("substring", args, 2);
  const length = int32At("substring", args, 2);
  if (length < 0 || start + length > text.length) {
    throw new ExpressionError(
      "the template function 'substring' expects start and length inside the string.",
    );
  }
  return text.substring(start, start + length);
}

function guid(format: string): string {
  const dashed = randomUUID();
  const digits = dashed.replaceAll("-", "");
  switch (format) {
    case "D":
    case "":
      return dashed;
    case "N":
      return digits;
    case "B":
      return `{${dashed}}`;
    case "P":
      return `(${dashed})`;
    case "X": {
      const bytes = (digits.slice(16).match(/../g) ?? []).map((pair) => `0x${pair}`).join(",");
      return `{0x${digits.slice(0, 8)},0x${digits.slice(8, 12)},0x${digits.slice(12, 16)},{${bytes}}}`;
    }
    default:
      throw new ExpressionError("the template function 'guid' expects one of the formats N, D, B, P, X.");
  }
}
