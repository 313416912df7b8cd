import { typeOf } from "../../../packages/kit/urn";
import type { EngineStep } from "./engine-step";
import type { Operation } from "./model";

/** The engine's operations → ours. A replacement comes as up to three steps, of which the logical one is the fullest. */
const meanings: Readonly<Record<string, Operation>> = {
  create: "create",
  update: "update",
  replace: "replace",
  "create-replacement": "replace",
  "import-replacement": "replace",
  delete: "delete",
  "delete-replaced": "delete",
  import: "import",
};

/** Operations that change nothing in the cloud. */
const quiet = new Set([
  "same",
  "read",
  "read-replacement",
  "refresh",
  "discard",
  "discard-replaced",
  "remove-pending-replace",
]);

export function isKnown(op: string): boolean {
  return op in meanings || quiet.has(op);
}

export interface LogicalStep {
  readonly op: Operation;
  readonly step: EngineStep;
  /** How many old ones of the resource, left by interrupted runs, it deletes; 0: it is of the resource itself. */
  readonly leftover: number;
}

/**
 * One step for what happens to a resource, and one for all old ones that it left. Components, providers and the stack itself
 * are no resources of a cloud.
 */
export function logicalSteps(steps: readonly EngineStep[]): LogicalStep[] {
  const byUrn = new Map<string, EngineStep[]>();
  for (const step of steps) byUrn.set(step.urn, [...(byUrn.get(step.urn) ?? []), step]);
  return [...byUrn.values()].flatMap(ofOneUrn).filter(({ step }) => isResource(step));
}

/**
 * `delete-replaced` is a replacement's third step, the deletion of what goes because its parent is replaced, or that of an old
 * one which an interrupted run left: then another step of the URN tells of the resource itself.
 */
function ofOneUrn(steps: readonly EngineStep[]): LogicalStep[] {
  const isReplacing = ({ op }: EngineStep) => meanings[op] === "replace";
  const deletions = steps.filter(({ op }) => op === "delete-replaced");
  const others = steps.filter(({ op }) => op !== "delete-replaced");
  const replacing = others.filter(isReplacing);
  const gone = [...replacing, ...others.filter(({ op }) => op === "delete")].flatMap(
    ({ before }) => before?.id ?? [],
  );
  // The deletion of the resource itself: by its id; where there is none, a replacement takes one of them.
  const own =
    deletions.find(({ before }) => before?.id && gone.includes(before.id)) ??
    (replacing.length > 0 ? deletions.find(({ before }) => !before?.id || gone.length === 0) : undefined);
  const kept = replacing.length > 0 && own !== undefined ? [...replacing, own] : replacing;
  const byOperation = new Map<string, EngineStep[]>();
  for (const step of others.filter((one) => !isReplacing(one)))
    byOperation.set(step.op, [...(byOperation.get(step.op) ?? []), step]);
  const itself = [...(kept.length > 0 ? [kept] : []), ...byOperation.values()].map(merged);
  const left = deletions.filter((step) => step !== own);
  const old = left.length === 0 ? [] : [merged(left)];
  return [
    ...itself.map((step) => ({ op: meanings[step.op] ?? "update", step, leftover: 0 })),
    ...old.map((step) => ({ op: "delete" as const, step, leftover: others.length === 0 ? 0 : left.length })),
  ];
}

/** One step of several; the logical one is the fullest. */
function merged(steps: readonly EngineStep[]): EngineStep {
  const [fullest, ...others] = [...steps].sort(
    (a, b) => Number(b.op === "replace") - Number(a.op === "replace"),
  );
  if (fullest === undefined) throw new RangeError("no step");
  const all = [fullest, ...others];
  const named = (which: "differing" | "replacing") =>
    all.find((step) => step[which].length > 0)?.[which] ?? [];
  return {
    ...fullest,
    before: all.find(({ before }) => before)?.before,
    after: all.find(({ after }) => after)?.after,
    differences: all.find(({ differences }) => differences)?.differences,
    differing: named("differing"),
    replacing: named("replacing"),
  };
}

function isResource({ op, urn, before, after }: EngineStep): boolean {
  // The engine calls it the same where nothing but its protection changes.
  const isGuarded =
    op === "same" && before && after && (before.protect ?? false) !== (after.protect ?? false);
  const isTold = op in meanings || isGuarded === true;
  // Events leave `custom` out of a component's state, where it is false; a step without any state is told.
  const state = after ?? before;
  return isTold && !typeOf(urn).startsWith("pulumi:") && (state === undefined || state.custom === true);
}
