import { typeOf } from "../../../packages/kit/urn";
import type { EngineStep } from "./engine-step";
import type { Operation } from "./model";

/** Our operation for each of the engine's. A replacement comes as up to three steps; the logical one has the most detail. */
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
  return Object.hasOwn(meanings, op) || quiet.has(op);
}

export interface LogicalStep {
  readonly op: Operation;
  readonly step: EngineStep;
  /** How many old copies of the resource, left by interrupted runs, it deletes; 0 for a step of the resource itself. */
  readonly leftover: number;
}

/**
 * One step for what happens to a resource, and one for all its leftover copies. Components, providers and the stack itself are not
 * cloud resources.
 */
export function logicalSteps(steps: readonly EngineStep[]): LogicalStep[] {
  const byUrn = new Map<string, EngineStep[]>();
  for (const step of steps) byUrn.set(step.urn, [...(byUrn.get(step.urn) ?? []), step]);
  return [...byUrn.values()].flatMap(ofOneUrn).filter(({ step }) => isResource(step));
}

/**
 * `delete-replaced` is the third step of a replacement, or the deletion of a resource whose parent is replaced, or the deletion of a
 * copy that an interrupted run left. In the last case the URN has another step for the resource itself.
 */
function ofOneUrn(steps: readonly EngineStep[]): LogicalStep[] {
  const isReplacing = ({ op }: EngineStep) => meanings[op] === "replace";
  const deletions = steps.filter(({ op }) => op === "delete-replaced");
  const others = steps.filter(({ op }) => op !== "delete-replaced");
  const replacing = others.filter(isReplacing);
  const gone = [...replacing, ...others.filter(({ op }) => op === "delete")].flatMap(
    ({ before }) => before?.id ?? [],
  );
  // The deletion of the resource itself is found by its id; without an id, a replacement takes any one of them.
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

/** Merges several steps; the logical one has the most detail. */
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
  // The engine reports `same` if only the protection changes.
  const isGuarded =
    op === "same" && before && after && (before.protect ?? false) !== (after.protect ?? false);
  const isShown = Object.hasOwn(meanings, op) || isGuarded === true;
  // Events omit `custom` from a component's state because it is false. A step without any state is shown.
  const state = after ?? before;
  return isShown && !typeOf(urn).startsWith("pulumi:") && (state === undefined || state.custom === true);
}
