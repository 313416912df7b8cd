import { z } from "zod";
import type { ActivityNode, ActivityParser } from "./activity";
import { checked } from "./checked";
import { DefinitionError } from "./definition-error";
import { type Parameters, parameters } from "./parameter";

export interface Variable {
  readonly type: "String" | "Bool" | "Array";
  readonly defaultValue: unknown;
}

/** A deployed pipeline, parsed and immutable. */
export interface Pipeline {
  readonly name: string;
  readonly activities: readonly ActivityNode[];
  readonly parameters: Parameters;
  readonly variables: Readonly<Record<string, Variable>>;
  /** Maximum number of concurrent runs; further runs are queued. Undefined if there is no limit. */
  readonly concurrency: number | undefined;
  readonly annotations: readonly unknown[];
}

/** Documented limit of activities in a pipeline, including nested ones. */
const MAX_ACTIVITIES = 120;

const defaults = { String: "", Bool: false, Array: [] } as const;

const variable: z.ZodType<Variable> = z
  .strictObject({
    type: z.enum(["String", "Bool", "Boolean", "Array"]),
    defaultValue: z.unknown().optional(),
  })
  .transform(({ type: given, defaultValue }) => {
    const type = given === "Boolean" ? "Bool" : given;
    return { type, defaultValue: defaultValue ?? defaults[type] };
  });

const schema = z.strictObject({
  activities: z.unknown().optional(),
  description: z.string().optional(),
  parameters: parameters.default({}),
  variables: z.record(z.string(), variable).default({}),
  concurrency: z.int().min(1).optional(),
  annotations: z.array(z.unknown()).default([]),
  folder: z.strictObject({ name: z.string() }).optional(),
  policy: z.unknown().optional(),
  runDimensions: z.undefined().optional(),
  lastPublishTime: z.string().optional(),
});

/**
 * Parses a pipeline's `properties` in Studio shape.
 * @param parsers activity parsers by `type`
 * @throws DefinitionError naming unknown, missing, unsupported or inconsistent parts
 */
export function parsePipeline(
  name: string,
  properties: unknown,
  parsers: ReadonlyMap<string, ActivityParser>,
): Pipeline {
  const subject = `pipeline '${name}'`;
  const parsed = checked(schema, properties, subject);
  const seen = new Set<string>();
  const activities = parseList(parsed.activities ?? [], subject);
  if (seen.size > MAX_ACTIVITIES) {
    throw new DefinitionError(
      `${subject} has ${seen.size} activities; Data Factory allows ${MAX_ACTIVITIES}.`,
    );
  }
  return {
    name,
    activities,
    parameters: parsed.parameters,
    variables: parsed.variables,
    concurrency: parsed.concurrency,
    annotations: parsed.annotations,
  };

  function parseList(raw: unknown, parent: string): readonly ActivityNode[] {
    if (!Array.isArray(raw)) throw new DefinitionError(`${parent}: activities must be an array.`);
    const nodes = raw.map((item) => parseActivity(item, parent));
    checkDependencies(nodes, parent);
    return nodes;
  }

  function parseActivity(raw: unknown, parent: string): ActivityNode {
    const type = typeof raw === "object" && raw !== null && "type" in raw ? String(raw.type) : "?";
    const parser = parsers.get(type);
    if (parser === undefined) {
      throw new DefinitionError(
        `${parent} has an activity of type '${type}', which the emulator does not run. It runs: ${[...parsers.keys()].join(", ")}.`,
      );
    }
    const node = parser.parse(raw, parseList);
    if (seen.has(node.name)) throw new DefinitionError(`${subject} has two activities named '${node.name}'.`);
    seen.add(node.name);
    return node;
  }
}

/** Checks that dependencies refer to activities of the same list and form no cycle. */
function checkDependencies(nodes: readonly ActivityNode[], subject: string): void {
  const byName = new Map(nodes.map((node) => [node.name, node]));
  const done = new Set<string>();
  for (const node of nodes) visit(node, []);

  function visit(node: ActivityNode, path: readonly string[]): void {
    if (done.has(node.name)) return;
    if (path.includes(node.name)) {
      throw new DefinitionError(
        `${subject}: the dependencies ${[...path, node.name].join(" → ")} form a cycle.`,
      );
    }
    for (const { activity } of node.dependsOn) {
      const dependency = byName.get(activity);
      if (dependency === undefined) {
        throw new DefinitionError(
          `${subject}: '${node.name}' depends on '${activity}', which is not in the same list of activities.`,
        );
      }
      visit(dependency, [...path, node.name]);
    }
    done.add(node.name);
  }
}
