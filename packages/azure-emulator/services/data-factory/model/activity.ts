import { z } from "zod";
import { checked } from "./checked";
import { DefinitionError } from "./definition-error";
import { datasetReference, linkedServiceReference, type Reference } from "./reference";

export type DependencyCondition = "Succeeded" | "Failed" | "Skipped" | "Completed";

export interface Dependency {
  readonly activity: string;
  /** One of them must be met (OR); all dependencies of an activity must be met (AND). */
  readonly conditions: readonly DependencyCondition[];
}

export interface ActivityPolicy {
  readonly timeoutMs: number;
  readonly retry: number;
  readonly retryIntervalMs: number;
  readonly secureInput: boolean;
  readonly secureOutput: boolean;
}

/** The `output` of an activity run. */
export type ActivityOutput = Readonly<Record<string, unknown>>;

/** The part of an activity's definition that its type needs to run it. */
export interface Activity<P> {
  readonly name: string;
  /** The checked `typeProperties`. */
  readonly properties: P;
  readonly linkedService: Reference | undefined;
  readonly inputs: readonly Reference[];
  readonly outputs: readonly Reference[];
  /** Lists of nested activities, such as a loop's body. */
  readonly branches: readonly (readonly ActivityNode[])[];
}

/** One activity of a pipeline, parsed and immutable. */
export interface ActivityNode extends Activity<unknown> {
  readonly type: string;
  readonly dependsOn: readonly Dependency[];
  readonly policy: ActivityPolicy;
  /** The status that an inactive activity counts as; undefined if it is active. */
  readonly inactiveAs: "Succeeded" | "Failed" | "Skipped" | undefined;
  readonly userProperties: readonly unknown[];
  /** Every object that it or a nested activity refers to. */
  readonly references: readonly Reference[];
  /** The raw `typeProperties`, `inputs` and `outputs` without nested activities, for static checks. */
  readonly expressions: unknown;
}

/** Parses the activities of one type. */
export interface ActivityParser {
  readonly type: string;
  parse(raw: unknown, parseList: ParseList): ActivityNode;
}

/** Parses a list of nested activities. */
export type ParseList = (raw: unknown, subject: string) => readonly ActivityNode[];

const condition = z.enum(["Succeeded", "Failed", "Skipped", "Completed"]);
const timespan = /^(?:(\d+)\.)?(\d{1,2}):(\d{2}):(\d{2})$/;

const common = {
  name: z.string().min(1).max(55),
  type: z.string(),
  description: z.string().optional(),
  dependsOn: z
    .array(z.strictObject({ activity: z.string(), dependencyConditions: z.array(condition).min(1) }))
    .default([]),
  userProperties: z.array(z.unknown()).default([]),
  state: z.enum(["Active", "Inactive"]).default("Active"),
  onInactiveMarkAs: z.enum(["Succeeded", "Failed", "Skipped"]).default("Succeeded"),
  policy: z
    .strictObject({
      timeout: z.string().regex(timespan).default("0.12:00:00"),
      retry: z.int().min(0).default(0),
      retryIntervalInSeconds: z.int().min(30).max(86_400).default(30),
      secureInput: z.boolean().default(false),
      secureOutput: z.boolean().default(false),
    })
    .prefault({}),
};

/** The shape of an activity type's definitions. */
export interface ActivityShape<P> {
  readonly type: string;
  /** Schema of `typeProperties`; an unknown key is an error. */
  readonly properties: z.ZodType<P>;
  /** The members next to `typeProperties`. */
  readonly uses?: readonly ("linkedServiceName" | "inputs" | "outputs")[];
  /** Raw lists of nested activities. */
  branches?(properties: P): readonly unknown[];
  /** The objects that `typeProperties` refers to. */
  references?(properties: P): readonly Reference[];
}

/** Creates the parser for a shape; the `properties` of the parsed activities are of type P. */
export function activityParser<P>(shape: ActivityShape<P>): ActivityParser {
  const uses = shape.uses ?? [];
  const schema = z.strictObject({
    ...common,
    typeProperties: z.unknown().optional(),
    linkedServiceName: uses.includes("linkedServiceName") ? linkedServiceReference : z.undefined().optional(),
    inputs: uses.includes("inputs") ? z.array(datasetReference).length(1) : z.undefined().optional(),
    outputs: uses.includes("outputs") ? z.array(datasetReference).length(1) : z.undefined().optional(),
  });

  return {
    type: shape.type,
    parse(raw, parseList) {
      const subject = `activity '${nameOf(raw)}' (${shape.type})`;
      const parsed = checked(schema, raw, subject);
      const properties = checked(shape.properties, parsed.typeProperties, subject);
      const branches = (shape.branches?.(properties) ?? []).map((list) => parseList(list, subject));
      const activity: Activity<P> = {
        name: parsed.name,
        properties,
        linkedService: parsed.linkedServiceName,
        inputs: parsed.inputs ?? [],
        outputs: parsed.outputs ?? [],
        branches,
      };
      const own = [...activity.inputs, ...activity.outputs, ...(shape.references?.(properties) ?? [])];
      if (activity.linkedService !== undefined) own.push(activity.linkedService);
      return {
        ...activity,
        type: shape.type,
        dependsOn: parsed.dependsOn.map((entry) => ({
          activity: entry.activity,
          conditions: entry.dependencyConditions,
        })),
        policy: {
          timeoutMs: milliseconds(parsed.policy.timeout),
          retry: parsed.policy.retry,
          retryIntervalMs: parsed.policy.retryIntervalInSeconds * 1000,
          secureInput: parsed.policy.secureInput,
          secureOutput: parsed.policy.secureOutput,
        },
        inactiveAs: parsed.state === "Inactive" ? parsed.onInactiveMarkAs : undefined,
        userProperties: parsed.userProperties,
        references: [...own, ...branches.flat().flatMap((nested) => nested.references)],
        expressions: withoutBranches([parsed.typeProperties, rawReferences(raw)]),
      };
    },
  };
}

/** Milliseconds of `d.hh:mm:ss`. @throws DefinitionError */
export function milliseconds(text: string): number {
  const match = timespan.exec(text);
  if (match === null) throw new DefinitionError(`'${text}' is not a time span d.hh:mm:ss.`);
  const [, days = "0", hours = "0", minutes = "0", seconds = "0"] = match;
  return (((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000;
}

/** The activity's name for messages, even if the definition is invalid. */
function nameOf(raw: unknown): string {
  return typeof raw === "object" && raw !== null && "name" in raw ? String(raw.name) : "?";
}

/** The members next to `typeProperties` that may contain expressions. */
function rawReferences(raw: unknown): unknown {
  if (typeof raw !== "object" || raw === null) return [];
  const keys = new Set(["linkedServiceName", "inputs", "outputs"]);
  return Object.entries(raw).flatMap(([key, value]) => (keys.has(key) ? [value] : []));
}

const nestedKeys = new Set(["activities", "ifTrueActivities", "ifFalseActivities", "defaultActivities"]);

function withoutBranches(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutBranches);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !nestedKeys.has(key))
      .map(([key, item]) => [key, withoutBranches(item)]),
  );
}
