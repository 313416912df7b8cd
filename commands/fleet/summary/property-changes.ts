import { formatPath, upToList, valueAt } from "../../../packages/kit/property-path";
import type { EngineStep } from "./engine-step";
import { isObject, type JsonObject, UNKNOWN } from "./json-value";
import { holdsSecret, maskPair } from "./mask";
import { migrationEffects } from "./migration-effects";
import { byText, type Effect, MASK, type PropertyChange } from "./model";
import { placementEffects } from "./placement-effects";
import { scriptFile, stepChanges, stepType } from "./step-files";
import { type StudioFile, studioFile } from "./studio-file";
import { change, differences, equal } from "./value-change";

export interface Described {
  readonly file?: string;
  readonly changes: readonly PropertyChange[];
  /** Effects beyond those of the resource's type. */
  readonly effects?: readonly Effect[];
}

/** What changes of a step's inputs do, by its type. */
const effectsOf: Readonly<Record<string, (before: JsonObject, after: JsonObject) => Effect[]>> = {
  [stepType.migration]: migrationEffects,
  [stepType.placement]: placementEffects,
};

/** The changes of a resource, property by property, without secrets. */
export function describeChanges(
  step: EngineStep,
  type: string,
  name: string,
  plaintexts: ReadonlySet<string>,
): Described {
  const [before, after] = maskPair(
    type,
    visible(step.before?.inputs),
    visible(step.after?.inputs),
    plaintexts,
  );
  const studio = studioFile(type, name);
  const file = studio?.file ?? scriptFile(type, after) ?? scriptFile(type, before);
  const withFile = file === undefined ? {} : { file };
  if (step.after === undefined) return { ...withFile, changes: [] };
  const guard = protection(step);
  if (step.op === "same") return { ...withFile, ...guard };
  const direct = studio
    ? fileChanges(studio, before, after, step)
    : stepChanges(type, compare(before, after, step), file, before, after);
  const known = [...direct, ...onlyInOutputs(before, after, step, type, plaintexts)];
  const changes = known.length > 0 ? known : elsewhere(step, type, plaintexts);
  const effects = step.op === "update" ? (effectsOf[type]?.(before, after) ?? []) : [];
  return {
    ...withFile,
    changes: [...guard.changes, ...changes],
    effects: [...effects, ...guard.effects],
  };
}

/** A change of protection, which is an option of the program rather than a property of the resource. */
function protection({ op, before, after }: EngineStep): Required<Omit<Described, "file">> {
  const [was, is] = [before?.protect ?? false, after?.protect ?? false];
  // For a replacement, only the protection of the old resource matters, because it forbids the replacement.
  if ((op !== "same" && op !== "update") || was === is) return { changes: [], effects: [] };
  const text = is
    ? "From then on Pulumi refuses to delete or replace it."
    : "It loses its protection: from then on Pulumi may replace or delete it, with all that is in it.";
  return { changes: [change(["protect"], was, is)], effects: [{ text, severe: false }] };
}

/** The changes of the file as a whole, then of the object's location. */
function fileChanges(
  studio: StudioFile,
  before: JsonObject,
  after: JsonObject,
  step: EngineStep,
): PropertyChange[] {
  const old = step.before === undefined ? undefined : studio.text(before);
  const now = studio.text(after);
  const file = old === now ? [] : [change([studio.file], old, now, "text")];
  return old === undefined ? file : [...file, ...compare(studio.rest(before), studio.rest(after), step)];
}

/** If the visible inputs are equal: what differs in Azure, or a secret that the engine does not show. */
function elsewhere(step: EngineStep, type: string, plaintexts: ReadonlySet<string>): PropertyChange[] {
  if (step.before === undefined) return [];
  const found = visible(step.before.outputs);
  const wanted = maskPair(type, found, visible(step.after?.inputs), plaintexts);
  const reported = step.differences === undefined ? [] : compare(...wanted, step);
  if (reported.length > 0) return reported;
  const drifted = compare(...maskPair(type, found, visible(step.after?.outputs), plaintexts), step);
  const inputs = [visible(step.before.inputs), visible(step.after?.inputs)] as const;
  const same = equal(...inputs);
  // If the inputs are equal as written, a mark may still hide a difference; otherwise the masks may hide one.
  const isHidden = same ? holdsSecret(inputs) : isMasked(maskPair(type, ...inputs, plaintexts));
  if (isHidden)
    return [{ path: "a secret value", kind: "update", form: "name", secret: true, replaces: false }];
  return step.op === "update" && same ? drifted : [];
}

function isMasked(values: unknown): boolean {
  return JSON.stringify(values).includes(MASK);
}

/** Changes by path, each once. A difference that the engine reports is shown even if both sides are masked. */
function compare(before: JsonObject, after: JsonObject, step: EngineStep): PropertyChange[] {
  const reported = Object.entries(step.differences ?? {}).map(([path, kind]) => ({
    keys: upToList(path),
    replaces: kind.endsWith("replace"),
  }));
  const changes = new Map<string, PropertyChange>();
  const add = (keys: readonly string[], replaces: boolean): void => {
    const path = formatPath(keys);
    const known = changes.get(path);
    if (known?.replaces === replaces || known?.replaces) return;
    const [old, now] = [valueAt(before, keys), valueAt(after, keys)];
    if (old === undefined && now === undefined) return;
    if (old !== MASK && equal(old, now)) return;
    changes.set(path, { ...change(keys, old, now), replaces });
  };
  for (const { keys, replaces } of reported) {
    const [old, now] = [valueAt(before, keys), valueAt(after, keys)];
    if (keys.some((key) => key.startsWith("__"))) continue;
    if (!isObject(old) || !isObject(now)) add(keys, replaces);
    else for (const below of differences(old, now)) add([...keys, ...below], replaces);
  }
  if (reported.length === 0) {
    for (const keys of differences(before, after)) add(keys, step.replacing.includes(keys[0] ?? ""));
    for (const key of step.differing) if (!changes.has(key)) add([key], step.replacing.includes(key));
  }
  return [...changes.values()].sort((a, b) => byText(a.path, b.path));
}

/**
 * Differences that the engine reports in properties that only outputs have, because Azure assigned them. Only a refresh reports their new value.
 */
function onlyInOutputs(
  before: JsonObject,
  after: JsonObject,
  step: EngineStep,
  type: string,
  plaintexts: ReadonlySet<string>,
): PropertyChange[] {
  if (step.before === undefined || step.differences === undefined) return [];
  const [found, expected] = maskPair(
    type,
    visible(step.before.outputs),
    visible(step.after?.outputs),
    plaintexts,
  );
  const changes = new Map<string, PropertyChange>();
  for (const [path, kind] of Object.entries(step.differences)) {
    const keys = upToList(path);
    const isInput = valueAt(before, keys) !== undefined || valueAt(after, keys) !== undefined;
    if (isInput || keys.length === 0 || keys.some((key) => key.startsWith("__"))) continue;
    const [was, is] = [valueAt(found, keys), valueAt(expected, keys)];
    const now = is === undefined || equal(was, is) ? UNKNOWN : is;
    const replaces = kind.endsWith("replace") || changes.get(formatPath(keys))?.replaces === true;
    changes.set(formatPath(keys), { ...change(keys, was, was === MASK ? MASK : now), replaces });
  }
  return [...changes.values()];
}

/** The inputs without the providers' internal members (`__provider`, `__createBeforeDelete`; `__defaults` at any depth). */
function visible(inputs: JsonObject | null | undefined): JsonObject {
  return Object.fromEntries(
    Object.entries(inputs ?? {}).flatMap(([key, value]) =>
      key.startsWith("__") ? [] : [[key, withoutDefaults(value)]],
    ),
  );
}

function withoutDefaults(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutDefaults);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, item]) =>
      key === "__defaults" ? [] : [[key, withoutDefaults(item)]],
    ),
  );
}
