import type { Value } from "./value";

/** The syntax tree of one expression. */
export type Expression =
  | { readonly kind: "literal"; readonly value: Value }
  | { readonly kind: "call"; readonly name: string; readonly args: readonly Expression[] }
  | {
      readonly kind: "access";
      readonly base: Expression;
      readonly key: Expression;
      /** True for `?.` and `?[`: a null base or a missing property or index gives null. */
      readonly forgiving: boolean;
    };

/** A string of a definition: plain text, one expression that keeps its type, or text with embedded expressions. */
export type Template =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "expression"; readonly expression: Expression }
  | { readonly kind: "interpolation"; readonly parts: readonly (string | Expression)[] };

/** Calls `visit` for the expression and everything in it. */
export function walk(expression: Expression, visit: (node: Expression) => void): void {
  visit(expression);
  if (expression.kind === "call") for (const arg of expression.args) walk(arg, visit);
  if (expression.kind === "access") {
    walk(expression.base, visit);
    walk(expression.key, visit);
  }
}
