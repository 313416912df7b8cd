import { collectionFunctions } from "./collection";
import { conversionFunctions } from "./conversion";
import { dateFunctions } from "./date";
import { encodingFunctions } from "./encoding";
import type { ExpressionFunction, FunctionTable } from "./function";
import { logicalFunctions } from "./logical";
import { mathFunctions } from "./math";
import { scopeFunctions } from "./scope";
import { stringFunctions } from "./string";
import { xmlFunctions } from "./xml";

/** The 84 functions that Data Factory documents. */
export const documentedFunctions: readonly ExpressionFunction[] = [
  ...stringFunctions,
  ...collectionFunctions,
  ...logicalFunctions,
  ...conversionFunctions,
  ...encodingFunctions,
  ...xmlFunctions,
  ...mathFunctions,
  ...dateFunctions,
];

/** The functions that expressions of pipelines, datasets and linked services can call. */
export const dataFactoryFunctions = functionTable([...documentedFunctions, ...scopeFunctions]);

export function functionTable(functions: readonly ExpressionFunction[]): FunctionTable {
  return new Map(functions.map((definition) => [definition.name.toLowerCase(), definition]));
}
