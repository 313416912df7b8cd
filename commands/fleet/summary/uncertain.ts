import { ownMember } from "../../../packages/kit/json-object";
import { upToList, valueAt } from "../../../packages/kit/property-path";
import { nameOf, typeOf } from "../../../packages/kit/urn";
import type { EngineStep } from "./engine-step";
import { isObject, UNKNOWN } from "./json-value";
import type { LogicalStep } from "./logical-steps";
import { byText } from "./model";
import { equal } from "./value-change";

/** A value before, and after the deployment. */
type Pair = readonly [before: unknown, after: unknown];

/**
 * The replacements that may turn out to be none, by URN: each of their causes is a value that is only known after the deployment, and mostly
 * stays what it was. azure-native's preview of an update forgets what Azure filled in (docs/sources.md, "Pulumi"), so a role assignment to an
 * identity shows as replaced if so much as a tag of the identity's resource changes. The value lists the names of the resources that have the
 * value today; it is empty if none shows it. What waits for a resource that is certainly replaced is replaced too.
 */
export function uncertainReplacements(steps: readonly LogicalStep[]): ReadonlyMap<string, readonly string[]> {
  const replaced = steps.filter(({ op }) => op === "replace");
  const awaited = new Map(
    replaced.flatMap(({ step }) => {
      const causes = causesOf(step);
      if (causes.length === 0 || !causes.every(isOnlyUnknown)) return [];
      return [[step.urn, holdersOf(step, causes, steps)] as const];
    }),
  );
  const isCertain = (urn: string) => replaced.some(({ step }) => step.urn === urn) && !awaited.has(urn);
  for (;;) {
    const certain = [...awaited].filter(([, holders]) => holders.some(isCertain));
    if (certain.length === 0) break;
    for (const [urn] of certain) awaited.delete(urn);
  }
  return new Map([...awaited].map(([urn, holders]) => [urn, [...new Set(holders.map(nameOf))].sort(byText)]));
}

/** The values that force the replacement. */
function causesOf({ before, after, differences, replacing }: EngineStep): Pair[] {
  const paths = differences
    ? Object.keys(differences).filter((path) => differences[path]?.endsWith("replace"))
    : replacing;
  return paths
    .map((path) => upToList(path))
    .filter((keys) => keys.length > 0 && !keys.some((key) => key.startsWith("__")))
    .map((keys) => {
      const [was, is] = [valueAt(before?.inputs, keys), valueAt(after?.inputs, keys)];
      if (was !== undefined || is !== undefined) return [was, is];
      // Azure assigned it: only a refresh reports its new value.
      return [valueAt(before?.outputs, keys), valueAt(after?.outputs, keys) ?? UNKNOWN];
    });
}

/** True if the two differ, and in nothing but values that are not known yet. */
function isOnlyUnknown([before, after]: Pair): boolean {
  return !equal(before, after) && unknownIn([before, after]).every(([was]) => was !== undefined);
}

/** The smallest parts in which the two differ; what is known and differs counts as a part that was nothing before. */
function unknownIn([before, after]: Pair): Pair[] {
  if (equal(before, after)) return [];
  if (after === UNKNOWN) return [[before, after]];
  if (Array.isArray(before) && Array.isArray(after) && before.length === after.length)
    return before.flatMap((item, index) => unknownIn([item, after[index]]));
  if (isObject(before) && isObject(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    return keys.flatMap((key) => unknownIn([ownMember(before, key), ownMember(after, key)]));
  }
  return [[undefined, after]];
}

/** URNs of the other resources of the preview that change and that have one of the values, as their id or among their outputs. */
function holdersOf(step: EngineStep, causes: readonly Pair[], steps: readonly LogicalStep[]): string[] {
  const others = steps.filter(({ op, step: { urn } }) => urn !== step.urn && op !== "create");
  const having = (pairs: readonly Pair[]) => {
    const texts = new Set(pairs.flatMap(([was]) => (typeof was === "string" && was !== "" ? [was] : [])));
    return others
      .filter(
        ({ step: { urn, before } }) =>
          hasText([before?.id, before?.outputs], texts) ||
          // Names are made of a random part.
          (typeOf(urn).startsWith("random:") && isPartOf(before?.outputs?.result, texts)),
      )
      .map(({ step: { urn } }) => urn);
  };
  const direct = having(causes.flatMap(unknownIn));
  // A value that the program derives, such as an assignment's name, is nobody's output.
  return direct.length > 0 ? direct : having(unknownIn([step.before?.inputs, step.after?.inputs]));
}

function hasText(value: unknown, texts: ReadonlySet<string>): boolean {
  if (typeof value === "string") return texts.has(value);
  if (Array.isArray(value)) return value.some((item) => hasText(item, texts));
  return isObject(value) && Object.values(value).some((item) => hasText(item, texts));
}

function isPartOf(value: unknown, texts: ReadonlySet<string>): boolean {
  return typeof value === "string" && value !== "" && [...texts].some((text) => text.includes(value));
}
