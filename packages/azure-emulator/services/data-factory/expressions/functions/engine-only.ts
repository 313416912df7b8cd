import { ExpressionError } from "../expression-error";
import { objectOf, type Value } from "../value";
import { stringAt } from "./arguments";
import { type ExpressionFunction, eager } from "./function";

/**
 * Functions that Microsoft's engine has and Data Factory does not; the measured cases use two of them. The runner leaves
 * them out, so that an expression that fails in Azure fails here too.
 */
export const engineOnlyFunctions: readonly ExpressionFunction[] = [
  eager("triggerBody", 0, 0, () =>
    objectOf(
      ["globalParameters", "parameters", "libraryVariables", "dataset", "linkedService"].map(
        (name): [string, Value] => [name, objectOf([])],
      ),
    ),
  ),
  eager("outputs", 1, 1, (args, scope) => {
    const name = stringAt("outputs", args, 0);
    const activity = scope.activity(name);
    if (activity === undefined) throw new ExpressionError(`the template action '${name}' is not defined.`);
    return objectOf([["body", activity]]);
  }),
];
