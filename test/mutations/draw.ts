import { stableGuid } from "../../packages/kit/stable-guid";
import type { Deployed, Mutation, Path } from "./mutation";
import { valueAt } from "./mutation";

/** Numbers from 0 to below 1, the same for the same seed (mulberry32). */
export function numbersFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export interface Graph {
  readonly resources: readonly Deployed[];
  /** Names of what a resource waits for without reading it, by its URN. */
  readonly waits: ReadonlyMap<string, readonly string[]>;
}

type Draw = () => Mutation | undefined;

/** How many of a hundred mutations are of a kind; each resource is drawn as often as another, whatever its size. */
const shares = { property: 62, name: 14, scope: 8, removed: 12, waits: 4 };

/** Draws distinct mutations. @param seed the same one draws the same ones from the same graph */
export function drawMutations(graph: Graph, count: number, seed: number): Mutation[] {
  const next = numbersFrom(seed);
  const one = <T>(list: readonly T[]): T | undefined => list[Math.floor(next() * list.length)];
  // Without its group nothing is left to look at.
  const resources = graph.resources.filter(({ type }) => type.startsWith("azure-native:"));
  const removable = resources.filter(({ type }) => type !== "azure-native:resources:ResourceGroup");
  const names = referenceNames(resources);
  const head = ({ urn, name, type }: Deployed) => ({ number: 0, urn, name, type });

  const property: Draw = () => {
    const resource = one(resources);
    const path = resource && one(pathsOf(resource.inputs));
    if (resource === undefined || path === undefined) return undefined;
    if (next() < 0.4) return { ...head(resource), kind: "dropped property", path };
    const value = otherValue(valueAt(resource.inputs, path), next);
    return value === undefined ? undefined : { ...head(resource), kind: "changed property", path, value };
  };
  const name: Draw = () => {
    const resource = one(resources);
    if (resource === undefined) return undefined;
    const path = one(
      pathsOf(resource.inputs).filter((path) => names.has(String(valueAt(resource.inputs, path)))),
    );
    const value = one([...names]);
    if (path === undefined || value === valueAt(resource.inputs, path)) return undefined;
    return { ...head(resource), kind: "swapped name", path, value };
  };
  const scope: Draw = () => {
    const resource = one(resources.filter(({ inputs }) => scopesOf(inputs).length > 0));
    const path = resource && one(scopesOf(resource.inputs));
    const value = one(resources)?.id;
    if (resource === undefined || path === undefined || value === valueAt(resource.inputs, path))
      return undefined;
    return { ...head(resource), kind: "wrong scope", path, value };
  };
  const removed: Draw = () => {
    const resource = one(removable);
    return resource && { ...head(resource), kind: "removed resource" };
  };
  const waits: Draw = () => {
    const [urn, on] = one([...graph.waits]) ?? [];
    const resource = graph.resources.find((candidate) => candidate.urn === urn);
    return resource && on && { ...head(resource), kind: "missing dependsOn", on };
  };

  const draws = { property, name, scope, removed, waits };
  const kinds = (Object.keys(shares) as (keyof typeof shares)[]).flatMap((kind) =>
    Array<keyof typeof shares>(shares[kind]).fill(kind),
  );
  const found = new Map<string, Mutation>();
  // Small kinds are soon exhausted: the rest is drawn from the others.
  for (let tries = 0; found.size < count && tries < count * 60; tries++) {
    const drawn = draws[one(kinds) ?? "property"]();
    if (drawn === undefined) continue;
    const key = JSON.stringify(drawn);
    if (!found.has(key)) found.set(key, { ...drawn, number: found.size + 1 });
  }
  return [...found.values()];
}

/** Every member and element, at every depth. */
function pathsOf(value: unknown, at: Path = []): Path[] {
  if (typeof value !== "object" || value === null) return [];
  const entries: [string | number, unknown][] = Array.isArray(value)
    ? value.map((item, index) => [index, item])
    : Object.entries(value).filter(([key]) => !key.startsWith("__"));
  return entries.flatMap(([key, item]) => [[...at, key], ...pathsOf(item, [...at, key])]);
}

const scopesOf = (inputs: unknown): Path[] =>
  pathsOf(inputs).filter(
    (path) =>
      /^(scope|scopes|principalId|roleDefinitionId)$/.test(
        String(path.find((part) => typeof part === "string")),
      ) && typeof valueAt(inputs, path) === "string",
  );

/** What resources are called by others: their names. */
function referenceNames(resources: readonly Deployed[]): Set<string> {
  return new Set(resources.map(({ id }) => id.split("/").at(-1) ?? "").filter((name) => name.length > 2));
}

/** Another value of the same kind; undefined for what has no other. */
function otherValue(value: unknown, next: () => number): unknown {
  if (typeof value === "boolean") return !value;
  if (typeof value === "number") return [0, value + 1, value * 2, -1][Math.floor(next() * 4)];
  if (Array.isArray(value)) return value.length === 0 ? undefined : [];
  if (typeof value !== "string") return undefined;
  if (/^[0-9a-f]{8}-[0-9a-f-]{27}$/i.test(value)) return stableGuid(value);
  const forms = [`${value}x`, "", value.slice(0, -1), value.toUpperCase()].filter((form) => form !== value);
  return forms[Math.floor(next() * forms.length)];
}
