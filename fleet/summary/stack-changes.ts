import type { EngineStep } from "./engine-step";
import { isObject } from "./json-value";
import { maskText, plaintextsIn } from "./mask";
import { byText, type Operation, operations, type ResourceStep, type StackChanges } from "./model";
import { ownNames } from "./own-names";
import { describeChanges } from "./property-changes";

/** The engine's operations → ours. A replacement comes as up to three steps, of which the logical one is the fullest. */
const meanings: Readonly<Record<string, Operation>> = {
  create: "create",
  update: "update",
  replace: "replace",
  "create-replacement": "replace",
  "delete-replaced": "replace",
  "import-replacement": "replace",
  delete: "delete",
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

/** A stack's changes out of its engine's steps. Components, providers and the stack itself are no resources of a cloud. */
export function stackChanges(
  stack: string,
  steps: readonly EngineStep[],
  problems: readonly string[],
): StackChanges {
  const plaintexts = plaintextsIn(steps);
  const unknown = steps.filter(({ op }) => !(op in meanings) && !quiet.has(op));
  const told = [
    ...problems,
    ...unknown.map(
      ({ op, urn }) => `The engine means to ${op} ${nameOf(urn)}, which this summary does not know.`,
    ),
  ];
  return {
    stack,
    steps: logical(steps.filter(isResource))
      .map((step) => resourceStep(step, plaintexts))
      .sort(inOrder),
    problems: [...new Set(told.map((problem) => maskText(problem, plaintexts)))],
    own: ownNames(stack, idsIn(steps), textsIn(steps)),
  };
}

/** A stack whose preview could not be made at all. @param reason Shown with credentials masked. */
export function failedPreview(stack: string, reason: string): StackChanges {
  return stackChanges(stack, [], [reason]);
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

/** One step a resource. */
function logical(steps: readonly EngineStep[]): EngineStep[] {
  const byUrn = new Map<string, EngineStep>();
  for (const step of steps) {
    const known = byUrn.get(step.urn);
    if (known === undefined) byUrn.set(step.urn, step);
    else {
      const [fuller, other] = step.op === "replace" ? [step, known] : [known, step];
      byUrn.set(step.urn, {
        ...fuller,
        before: fuller.before ?? other.before,
        after: fuller.after ?? other.after,
        differences: fuller.differences ?? other.differences,
        differing: fuller.differing.length > 0 ? fuller.differing : other.differing,
        replacing: fuller.replacing.length > 0 ? fuller.replacing : other.replacing,
      });
    }
  }
  return [...byUrn.values()];
}

function resourceStep(step: EngineStep, plaintexts: ReadonlySet<string>): ResourceStep {
  const [type, name] = [typeOf(step.urn), nameOf(step.urn)];
  return {
    op: meanings[step.op] ?? "update",
    urn: step.urn,
    type,
    name,
    protect: step.before?.protect ?? false,
    retainOnDelete: step.before?.retainOnDelete ?? false,
    ...describeChanges(step, type, name, plaintexts),
  };
}

/** The gravest first, then by type and name. */
export function inOrder(a: ResourceStep, b: ResourceStep): number {
  return (
    operations.indexOf(a.op) - operations.indexOf(b.op) ||
    byText(a.type, b.type) ||
    byText(a.name, b.name) ||
    byText(a.urn, b.urn)
  );
}

/** `urn:pulumi:<stack>::<project>::<parent types>$<type>::<name>` */
export function stackOf(urn: string): string {
  return urn.split("::")[0]?.replace(/^urn:pulumi:/, "") ?? "";
}

function typeOf(urn: string): string {
  return urn.split("::")[2]?.split("$").at(-1) ?? "";
}

function nameOf(urn: string): string {
  return urn.split("::").slice(3).join("::");
}

const guid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const idProperties = new Set(["principalId", "clientId", "roleAssignmentName", "roleDefinitionId"]);

/** Ids of the tenant's own identities and role assignments, by where they stand. */
function idsIn(steps: readonly EngineStep[]): Record<string, string> {
  const ids: Record<string, string> = {};
  const visit = (value: unknown, place: string): void => {
    if (Array.isArray(value)) for (const item of value) visit(item, place);
    if (!isObject(value)) return;
    for (const [key, item] of Object.entries(value)) {
      const isId = typeof item === "string" && idProperties.has(key) && guid.test(item);
      if (isId) ids[`${place}.${key}`] ??= item;
      else visit(item, place);
    }
  };
  for (const { urn, before, after } of [...steps].sort((a, b) => byText(a.urn, b.urn))) {
    visit([before?.outputs, before?.inputs], nameOf(urn));
    visit([after?.inputs], `new ${nameOf(urn)}`);
  }
  return ids;
}

function textsIn(steps: readonly EngineStep[]): string[] {
  const texts: string[] = [];
  const visit = (value: unknown): void => {
    if (typeof value === "string") texts.push(value);
    else if (Array.isArray(value)) value.forEach(visit);
    else if (isObject(value)) Object.values(value).forEach(visit);
  };
  for (const { before, after } of steps) {
    for (const state of [before, after]) visit([state?.inputs, state?.outputs]);
  }
  return texts;
}
