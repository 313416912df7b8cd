import { ExpressionError } from "../expression-error";
import { writeJson } from "../json-writer";
import { binary, contentOf } from "../text";
import { isObject, type Value } from "../value";
import { evaluateXpath, jsonToXml, normaliseXml, xmlContentType } from "../xml";
import { stringAt } from "./arguments";
import { type ExpressionFunction, eager } from "./function";

/** `xml` and `xpath` (XPath 1.0). */
export const xmlFunctions: readonly ExpressionFunction[] = [
  eager("xml", 1, 1, (args) => xml(args)),
  eager("xpath", 2, 2, (args) => {
    const content = contentOf(args[0] ?? null);
    if (content === undefined) throw new ExpressionError("the template function 'xpath' expects XML first.");
    return evaluateXpath(content.toString("utf8"), stringAt("xpath", args, 1));
  }),
];

function xml(args: readonly Value[]): Value {
  const value = args[0] ?? null;
  const content = contentOf(value);
  const text =
    content !== undefined
      ? normaliseXml(content.toString("utf8"))
      : isObject(value)
        ? jsonToXml(value, writeJson)
        : normaliseXml(stringAt("xml", args, 0));
  return binary(xmlContentType, Buffer.from(text, "utf8"));
}
