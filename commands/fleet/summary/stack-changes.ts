import { explainRefusals } from "../../../infra/roles/missing-right";
import { nameOf, typeOf } from "../../../packages/kit/urn";
import type { EngineStep } from "./engine-step";
import { isKnown, type LogicalStep, logicalSteps } from "./logical-steps";
import { maskText, plaintextsIn } from "./mask";
import { byText, operations, type ResourceStep, type StackChanges } from "./model";
import { ownNames } from "./own-names";
import { describeChanges } from "./property-changes";
import { idsIn, textsIn } from "./tenant-texts";
import { uncertainReplacements } from "./uncertain";

/** A stack's changes from its engine's steps. Components, providers and the stack itself are not cloud resources. */
export function stackChanges(
  stack: string,
  steps: readonly EngineStep[],
  problems: readonly string[],
  notes: readonly string[] = [],
): StackChanges {
  const plaintexts = plaintextsIn(steps);
  const unknown = steps.filter(({ op }) => !isKnown(op));
  const reported = [
    ...problems.map((problem) => [problem, ...explainRefusals(problem)].join("\n")),
    ...unknown.map(
      ({ op, urn }) => `The engine would ${op} ${nameOf(urn)}, an operation that this summary does not know.`,
    ),
  ];
  const logical = logicalSteps(steps);
  const uncertain = uncertainReplacements(logical);
  const masked = (texts: readonly string[]) => [...new Set(texts.map((text) => maskText(text, plaintexts)))];
  return {
    stack,
    steps: logical
      .map((step) => resourceStep(step, plaintexts, step.op === "replace" && uncertain.get(step.step.urn)))
      .sort(inOrder),
    problems: masked(reported),
    ...(notes.length === 0 ? {} : { notes: masked(notes) }),
    own: ownNames(stack, idsIn(steps), textsIn(steps)),
  };
}

/** A stack whose preview failed completely. @param reason Shown with credentials masked. */
export function failedPreview(stack: string, reason: string): StackChanges {
  return stackChanges(stack, [], [reason]);
}

function resourceStep(
  { op, step, leftover }: LogicalStep,
  plaintexts: ReadonlySet<string>,
  awaits: readonly string[] | false | undefined,
): ResourceStep {
  const [type, name] = [typeOf(step.urn), nameOf(step.urn)];
  return {
    op,
    ...(leftover === 0 ? {} : { leftover }),
    ...(awaits && { awaits }),
    urn: step.urn,
    type,
    name,
    protect: step.before?.protect ?? false,
    retainOnDelete: step.before?.retainOnDelete ?? false,
    ...describeChanges(step, type, name, plaintexts),
  };
}

/** The severest first, then by type and name. */
export function inOrder(a: ResourceStep, b: ResourceStep): number {
  return (
    operations.indexOf(a.op) - operations.indexOf(b.op) ||
    byText(a.type, b.type) ||
    byText(a.name, b.name) ||
    byText(a.urn, b.urn) ||
    (a.leftover ?? 0) - (b.leftover ?? 0)
  );
}
