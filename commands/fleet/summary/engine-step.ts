import { z } from "zod";

const properties = z.record(z.string(), z.unknown()).nullish();

const state = z.object({
  /** Absent if false. */
  custom: z.boolean().nullish(),
  /** The cloud's id. */
  id: z.string().nullish(),
  inputs: properties,
  outputs: properties,
  protect: z.boolean().nullish(),
  retainOnDelete: z.boolean().nullish(),
});

const detailedDiff = z
  .record(z.string(), z.object({ kind: z.string().nullish(), diffKind: z.string().nullish() }))
  .nullish();

/** A step of `pulumi preview --json` (pkg/backend/display/json.go). */
const digestStep = z.object({
  op: z.string(),
  urn: z.string(),
  oldState: state.nullish(),
  newState: state.nullish(),
  detailedDiff,
  diffReasons: z.array(z.string()).nullish(),
  replaceReasons: z.array(z.string()).nullish(),
});

export const digestSchema = z
  .object({
    steps: z.array(digestStep).nullish(),
    diagnostics: z
      .array(z.object({ message: z.string().nullish(), severity: z.string().nullish() }))
      .nullish(),
    changeSummary: z.record(z.string(), z.number()).nullish(),
  })
  .refine((digest) => digest.steps ?? digest.diagnostics ?? digest.changeSummary, {
    message: "it has neither steps nor diagnostics nor a changeSummary",
  });

const metadata = z.object({
  op: z.string(),
  urn: z.string(),
  old: state.nullish(),
  new: state.nullish(),
  detailedDiff,
  diffs: z.array(z.string()).nullish(),
  keys: z.array(z.string()).nullish(),
});

/** A violated policy. */
const policy = z.object({
  resourceUrn: z.string().nullish(),
  message: z.string(),
  policyName: z.string(),
  policyPackName: z.string(),
  /** `mandatory` fails the run; `advisory` and `remediate` do not, nor what is `disabled` or `none`. */
  enforcementLevel: z.string(),
});

/** The part of an engine event that a summary needs. The Automation API's `EngineEvent` fits. */
export const eventSchema = z.object({
  sequence: z.number(),
  resourcePreEvent: z.object({ metadata }).nullish(),
  resOutputsEvent: z.object({ metadata }).nullish(),
  resOpFailedEvent: z.object({ metadata }).nullish(),
  diagnosticEvent: z
    .object({ message: z.string(), severity: z.string(), ephemeral: z.boolean().nullish() })
    .nullish(),
  policyEvent: policy.nullish(),
  summaryEvent: z.object({}).nullish(),
});

export type PolicyViolation = z.infer<typeof policy>;

type State = z.infer<typeof state>;

/** A step, from either source. */
export interface EngineStep {
  readonly op: string;
  readonly urn: string;
  readonly before: State | undefined;
  readonly after: State | undefined;
  /** Kinds (`update`, `add-replace`) by property path; undefined if the provider gave none. */
  readonly differences: Readonly<Record<string, string>> | undefined;
  /** Top-level properties that differ. */
  readonly differing: readonly string[];
  /** Top-level properties that cause the replacement. */
  readonly replacing: readonly string[];
}

export function fromDigest(step: z.infer<typeof digestStep>): EngineStep {
  return {
    op: step.op,
    urn: step.urn,
    before: step.oldState ?? undefined,
    after: step.newState ?? undefined,
    differences: kinds(step.detailedDiff),
    differing: step.diffReasons ?? [],
    replacing: step.replaceReasons ?? [],
  };
}

export function fromEvent(step: z.infer<typeof metadata>): EngineStep {
  return {
    op: step.op,
    urn: step.urn,
    before: step.old ?? undefined,
    after: step.new ?? undefined,
    differences: kinds(step.detailedDiff),
    differing: step.diffs ?? [],
    replacing: step.keys ?? [],
  };
}

/** The digest calls it `kind`, the events `diffKind`. */
function kinds(diff: z.infer<typeof detailedDiff>): Record<string, string> | undefined {
  const entries = Object.entries(diff ?? {}).map(
    ([path, { kind, diffKind }]) => [path, kind ?? diffKind ?? "update"] as const,
  );
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}
