import { parsePath } from "../../kit/property-path";
import { replaceOn, replacePaths } from "./input-diff";
import type { ResourceState } from "./local-state";
import { resetPath } from "./property-path";
import { addressOf, type DiffResult, type ResourceProvider } from "./resource-provider";
import { revealProperties, unknown, type WireProperties } from "./wire-values";

/** `ignoreChanges`: what the paths lead to stays as it was, also where it was not there. */
export function withIgnored(
  news: WireProperties,
  olds: WireProperties,
  ignoreChanges: readonly string[],
): WireProperties {
  return ignoreChanges
    .map(parsePath)
    .reduce<WireProperties>((kept, path) => resetPath(olds, kept, path) as WireProperties, news);
}

/** The provider's comparison, with `replaceOnChanges` on top of it as the engine does. */
export async function diffResource(
  provider: ResourceProvider,
  old: ResourceState,
  news: WireProperties,
  replaceOnChanges: readonly string[],
): Promise<DiffResult> {
  const diff = await provider.diff(
    addressOf(old.urn),
    old.id,
    revealProperties(old.inputs),
    revealProperties(old.outputs),
    revealProperties(news),
  );
  return replaceOn(diff, replaceOnChanges);
}

/**
 * What goes together with a resource that is deleted before its replacement is made, in the order of `others`: what Azure deletes
 * with it, because its id lies below, and what the engine would replace, because its provider says so of inputs that come from a
 * resource that goes and so are not known.
 * @param others in the order in which they were made
 */
export async function goneWith(
  root: ResourceState,
  others: readonly ResourceState[],
  providerOf: (type: string) => ResourceProvider,
): Promise<ResourceState[]> {
  const gone = [root];
  for (const other of others) {
    const isBelow = gone.some(
      ({ id }) => id !== "" && other.id.toLowerCase().startsWith(`${id.toLowerCase()}/`),
    );
    if (isBelow || (await dependsOn(gone, other, providerOf(addressOf(other.urn).type)))) gone.push(other);
  }
  return gone.slice(1);
}

async function dependsOn(
  gone: readonly ResourceState[],
  resource: ResourceState,
  provider: ResourceProvider,
): Promise<boolean> {
  const urns = new Set(gone.map(({ urn }) => urn));
  const touched = Object.entries(resource.propertyDependencies ?? {})
    .filter(([input, sources]) => input in resource.inputs && sources.some((urn) => urns.has(urn)))
    .map(([input]) => [input, unknown]);
  if (touched.length === 0) return false;
  const news = { ...resource.inputs, ...Object.fromEntries(touched) };
  const kept = withIgnored(news, resource.inputs, resource.ignoreChanges ?? []);
  const diff = await diffResource(provider, resource, kept, resource.replaceOnChanges ?? []);
  return replacePaths(diff).length > 0;
}
