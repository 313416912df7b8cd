import { ExpressionError } from "../expression-error";
import type { Value } from "../value";
import { stringAt } from "./arguments";
import { type ExpressionFunction, eager } from "./function";

/** Functions that read the scope: the run, its activities and variables, and the loop's item. */
export const scopeFunctions: readonly ExpressionFunction[] = [
  eager("pipeline", 0, 0, (_, scope) => scope.pipeline()),
  eager("activity", 1, 1, (args, scope) => {
    const name = stringAt("activity", args, 0);
    return known(scope.activity(name), `the template action '${name}' is not defined at current scope.`);
  }),
  eager("variables", 1, 1, (args, scope) => {
    const name = stringAt("variables", args, 0);
    return known(scope.variable(name), `the template variable '${name}' cannot be found.`);
  }),
  eager("item", 0, 0, (_, scope) => known(scope.item(), notExpected("item"))),
  eager("dataset", 0, 0, (_, scope) => known(scope.dataset(), notExpected("dataset"))),
  eager("linkedService", 0, 0, (_, scope) => known(scope.linkedService(), notExpected("linkedService"))),
];

function notExpected(name: string): string {
  return `the template function '${name}' is not expected at this location.`;
}

function known(value: Value | undefined, message: string): Value {
  if (value === undefined) throw new ExpressionError(message);
  return value;
}
