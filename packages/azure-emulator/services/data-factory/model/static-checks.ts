import { ExpressionError } from "../expressions/expression-error";
import { dataFactoryFunctions } from "../expressions/functions";
import { type Expression, walk } from "../expressions/syntax";
import { expressionsIn } from "../expressions/template";
import type { ActivityNode } from "./activity";
import { DefinitionError } from "./definition-error";
import type { Pipeline } from "./pipeline";
import { checkStructure } from "./structure-checks";

/** Documented limit of an expression's length, in characters. */
const MAX_EXPRESSION_LENGTH = 8192;

/**
 * Checks what Azure checks when a pipeline is saved: activities are nested and branched as documented, every expression parses, calls
 * only existing functions, and refers only to upstream activities, variables and parameters of this pipeline.
 * @throws DefinitionError naming activity and expression
 */
export function checkPipeline(pipeline: Pipeline): void {
  checkStructure(pipeline.activities, `pipeline '${pipeline.name}'`);
  checkExpressions(pipeline);
}

function checkExpressions(pipeline: Pipeline): void {
  const variables = lowerCaseKeys(pipeline.variables);
  const parameters = lowerCaseKeys(pipeline.parameters);

  forEachActivity(pipeline.activities, new Set(), (node, upstream) => {
    for (const text of strings(node.expressions)) {
      const location = `pipeline '${pipeline.name}', activity '${node.name}', expression '${text}'`;
      for (const expression of parsed(text, location))
        walk(expression, (part) => check(part, upstream, location, setVariable(node)));
    }
  });

  /** @param own the variable that the activity sets: a SetVariable cannot read it. */
  function check(
    part: Expression,
    upstream: ReadonlySet<string>,
    location: string,
    own: string | undefined,
  ): void {
    const parameter = parameterName(part);
    if (parameter !== undefined && !parameters.has(parameter.toLowerCase())) {
      throw new DefinitionError(`${location}: the pipeline has no parameter '${parameter}'.`);
    }
    if (part.kind !== "call") return;
    const name = part.name.toLowerCase();
    if (!dataFactoryFunctions.has(name)) {
      throw new DefinitionError(`${location}: Data Factory has no function '${part.name}'.`);
    }
    const [first] = part.args;
    if (first?.kind !== "literal" || typeof first.value !== "string") return;
    const wanted = first.value.toLowerCase();
    if (name === "activity" && !upstream.has(wanted)) {
      throw new DefinitionError(
        `${location}: the activity '${first.value}' cannot be referenced, because it does not exist or is not an ancestor of this activity.`,
      );
    }
    if (name === "variables" && wanted === own) {
      throw new DefinitionError(
        `${location}: The expression contains self referencing variable '${first.value}'. A variable cannot reference itself in the expression.`,
      );
    }
    if (name === "variables" && !variables.has(wanted)) {
      throw new DefinitionError(`${location}: the pipeline has no variable '${first.value}'.`);
    }
  }
}

/** The lower-case name of the variable that a SetVariable sets. */
function setVariable({ type, properties }: ActivityNode): string | undefined {
  return type === "SetVariable"
    ? (properties as { readonly variableName: string }).variableName.toLowerCase()
    : undefined;
}

function parsed(text: string, location: string): readonly Expression[] {
  if (text.length > MAX_EXPRESSION_LENGTH) {
    throw new DefinitionError(`${location.slice(0, 200)}…: longer than ${MAX_EXPRESSION_LENGTH} characters.`);
  }
  try {
    return expressionsIn(text);
  } catch (error) {
    if (error instanceof ExpressionError) throw new DefinitionError(`${location}: ${error.message}`);
    throw error;
  }
}

/** Returns `x` for `pipeline().parameters.x`. */
function parameterName(part: Expression): string | undefined {
  if (part.kind !== "access" || part.forgiving || part.base.kind !== "access") return undefined;
  const { base, key } = part.base;
  const ofPipeline = base.kind === "call" && base.name.toLowerCase() === "pipeline";
  const ofParameters = key.kind === "literal" && String(key.value).toLowerCase() === "parameters";
  const named =
    part.key.kind === "literal" && typeof part.key.value === "string" ? part.key.value : undefined;
  return ofPipeline && ofParameters ? named : undefined;
}

/** Visits every activity with the lower-case names of the activities that have ended before it evaluates an expression. */
function forEachActivity(
  nodes: readonly ActivityNode[],
  outer: ReadonlySet<string>,
  visit: (node: ActivityNode, upstream: ReadonlySet<string>) => void,
): void {
  const byName = new Map(nodes.map((node) => [node.name, node]));
  for (const node of nodes) {
    const upstream = new Set([...outer, ...ancestors(node, byName)]);
    // The condition of an Until is evaluated after its body.
    const ended = node.type === "Until" ? new Set([...upstream, ...innerNames(node)]) : upstream;
    visit(node, ended);
    for (const branch of node.branches) forEachActivity(branch, upstream, visit);
  }
}

function ancestors(
  node: ActivityNode,
  byName: ReadonlyMap<string, ActivityNode>,
  found = new Set<string>(),
): ReadonlySet<string> {
  for (const { activity } of node.dependsOn) {
    if (found.has(activity.toLowerCase())) continue;
    found.add(activity.toLowerCase());
    const parent = byName.get(activity);
    if (parent === undefined) continue;
    for (const name of innerNames(parent)) found.add(name);
    ancestors(parent, byName, found);
  }
  return found;
}

/**
 * What runs in a container is seen by what runs after it: published templates poll in an Until and read the last answer after it
 * (https://github.com/Azure/Azure-DataFactory, "RunSynapseWebActivityPipeline"). A ForEach has no last pass, so its stay its own.
 */
function innerNames({ type, branches }: ActivityNode): string[] {
  if (type === "ForEach") return [];
  return branches.flat().flatMap((inner) => [inner.name.toLowerCase(), ...innerNames(inner)]);
}

function* strings(value: unknown): Generator<string> {
  if (typeof value === "string") yield value;
  else if (typeof value === "object" && value !== null)
    for (const item of Object.values(value)) yield* strings(item);
}

function lowerCaseKeys(record: Readonly<Record<string, unknown>>): ReadonlySet<string> {
  return new Set(Object.keys(record).map((key) => key.toLowerCase()));
}
