import { evaluate } from "./evaluate";
import type { FunctionTable } from "./functions/function";
import { parseExpression } from "./parser";
import type { ExpressionScope } from "./scope";
import type { Expression, Template } from "./syntax";
import { toText } from "./text";
import type { Value } from "./value";

/**
 * Parses a string of a definition. After a leading `@` the rest is one expression. `@{…}` anywhere is an embedded
 * expression. A leading `@@` makes the whole string literal, and `@@{` inside text is a literal `@{`.
 * @throws ExpressionError
 */
export function parseTemplate(text: string): Template {
  if (text === "@" || text.startsWith("@@"))
    return { kind: "text", text: text === "@" ? text : text.slice(1) };
  if (text.startsWith("@") && text[1] !== "{") {
    return { kind: "expression", expression: parseExpression(text, 1, "end").expression };
  }
  if (!text.includes("@{")) return { kind: "text", text };
  return { kind: "interpolation", parts: [...parts(text)] };
}

function* parts(text: string): Generator<string | Expression> {
  let at = 0;
  let literal = "";
  while (at < text.length) {
    if (text.startsWith("@@{", at)) {
      literal += "@{";
      at += 3;
    } else if (text.startsWith("@{", at)) {
      if (literal !== "") yield literal;
      literal = "";
      const { expression, end } = parseExpression(text, at + 2, "}");
      yield expression;
      at = end;
    } else literal += text[at++];
  }
  if (literal !== "") yield literal;
}

/**
 * Evaluates a string of a definition. A single expression keeps its type; everything else is a string.
 * @param functions the functions that its expressions may call
 * @throws ExpressionError
 */
export function evaluateTemplate(text: string, scope: ExpressionScope, functions: FunctionTable): Value {
  const template = parseTemplate(text);
  switch (template.kind) {
    case "text":
      return template.text;
    case "expression":
      return evaluate(template.expression, scope, functions);
    case "interpolation":
      return template.parts
        .map((part) => (typeof part === "string" ? part : toText(evaluate(part, scope, functions))))
        .join("");
  }
}

/** The expressions in a string of a definition. @throws ExpressionError */
export function expressionsIn(text: string): readonly Expression[] {
  const template = parseTemplate(text);
  if (template.kind === "expression") return [template.expression];
  if (template.kind === "text") return [];
  return template.parts.filter((part): part is Expression => typeof part !== "string");
}
