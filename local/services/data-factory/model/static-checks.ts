import { ExpressionError } from "../expressions/expression-error";
import { dataFactoryFunctions } from "../expressions/functions";
import { type Expression, walk } from "../expressions/syntax";
import { expressionsIn } from "../expressions/template";
import type { ActivityNode } from "./activity";
import { DefinitionError } from "./definition-error";
import type { Pipeline } from "./pipeline";

/** Documented limit of characters in an expression. */
const LONGEST_EXPRESSION = 8192;

/**
 * What Azure checks when a pipeline is saved: every expression parses, calls functions that exist, and names
 * activities, variables and parameters of this pipeline.
 * @throws DefinitionError naming activity and expression.
 */
export function checkExpressions(pipeline: Pipeline): void {
  const activities = new Set<string>();
  forEachActivity(pipeline.activities, (node) => activities.add(node.name.toLowerCase()));
  const variables = lowerCaseKeys(pipeline.variables);
  const parameters = lowerCaseKeys(pipeline.parameters);

  forEachActivity(pipeline.activities, (node) => {
    for (const text of strings(node.expressions)) {
      const where = `pipeline '${pipeline.name}', activity '${node.name}', expression '${text}'`;
      for (const expression of parsed(text, where)) walk(expression, (part) => check(part, where));
    }
  });

  function check(part: Expression, where: string): void {
    const parameter = parameterName(part);
    if (parameter !== undefined && !parameters.has(parameter.toLowerCase())) {
      throw new DefinitionError(`${where}: the pipeline has no parameter '${parameter}'.`);
    }
    if (part.kind !== "call") return;
    if (!dataFactoryFunctions.has(part.name.toLowerCase())) {
      throw new DefinitionError(`${where}: Data Factory has no function '${part.name}'.`);
    }
    const [first] = part.args;
    if (first?.kind !== "literal" || typeof first.value !== "string") return;
    const [kind, names] =
      part.name.toLowerCase() === "activity"
        ? ["activity", activities]
        : part.name.toLowerCase() === "variables"
          ? ["variable", variables]
          : ["", undefined];
    if (names !== undefined && !names.has(first.value.toLowerCase())) {
      throw new DefinitionError(`${where}: the pipeline has no ${kind} '${first.value}'.`);
    }
  }
}

function parsed(text: string, where: string): readonly Expression[] {
  if (text.length > LONGEST_EXPRESSION) {
    throw new DefinitionError(`${where.slice(0, 200)}…: longer than ${LONGEST_EXPRESSION} characters.`);
  }
  try {
    return expressionsIn(text);
  } catch (error) {
    if (error instanceof ExpressionError) throw new DefinitionError(`${where}: ${error.message}`);
    throw error;
  }
}

/** `x` of `pipeline().parameters.x`. */
function parameterName(part: Expression): string | undefined {
  if (part.kind !== "access" || part.forgiving || part.base.kind !== "access") return undefined;
  const { base, key } = part.base;
  const ofPipeline = base.kind === "call" && base.name.toLowerCase() === "pipeline";
  const ofParameters = key.kind === "literal" && String(key.value).toLowerCase() === "parameters";
  const named =
    part.key.kind === "literal" && typeof part.key.value === "string" ? part.key.value : undefined;
  return ofPipeline && ofParameters ? named : undefined;
}

function forEachActivity(nodes: readonly ActivityNode[], visit: (node: ActivityNode) => void): void {
  for (const node of nodes) {
    visit(node);
    for (const branch of node.branches) forEachActivity(branch, visit);
  }
}

function* strings(value: unknown): Generator<string> {
  if (typeof value === "string") yield value;
  else if (typeof value === "object" && value !== null)
    for (const item of Object.values(value)) yield* strings(item);
}

function lowerCaseKeys(record: Readonly<Record<string, unknown>>): ReadonlySet<string> {
  return new Set(Object.keys(record).map((key) => key.toLowerCase()));
}
