import { parsePath } from "../../kit/property-path";
import { replaceOn, replacePaths } from "./input-diff";
import type { ResourceState } from "./local-state";
import { resetPath } from "./property-path";
import { addressOf, type DiffResult, type ResourceProvider } from "./resource-provider";
import { revealProperties, unknown, type WireProperties } from "./wire-values";

/** `ignoreChanges`: properties at the paths stay as they were; a property that was absent stays absent. */
export function withIgnored(
  news: WireProperties,
  olds: WireProperties,
  ignoreChanges: readonly string[],
): WireProperties {
  return ignoreChanges
    .map(parsePath)
    .reduce<WireProperties>((kept, path) => resetPath(olds, kept, path) as WireProperties, news);
}

/** The provider's diff, to which `replaceOnChanges` is applied as in the engine. */
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
 * The resources that must be deleted with `root` if it is deleted before its replacement is created, in the order of
 * `others`: its children, because Azure deletes them with it, and the resources that the engine would replace, because
 * their inputs come from a deleted resource and the provider says that such an input cannot change.
 * @param others in the order of their creation
 */
export async function deletedWith(
  root: ResourceState,
  others: readonly ResourceState[],
  providerOf: (type: string) => ResourceProvider,
): Promise<ResourceState[]> {
  const deleted = [root];
  for (const other of others) {
    const isChild = deleted.some(
      ({ id }) => id !== "" && other.id.toLowerCase().startsWith(`${id.toLowerCase()}/`),
    );
    if (isChild || (await dependsOn(deleted, other, providerOf(addressOf(other.urn).type))))
      deleted.push(other);
  }
  return deleted.slice(1);
}

async function dependsOn(
  deleted: readonly ResourceState[],
  resource: ResourceState,
  provider: ResourceProvider,
): Promise<boolean> {
  const urns = new Set(deleted.map(({ urn }) => urn));
  const touched = Object.entries(resource.propertyDependencies ?? {})
    .filter(
      ([input, sources]) => Object.hasOwn(resource.inputs, input) && sources.some((urn) => urns.has(urn)),
    )
    .map(([input]) => [input, unknown]);
  if (touched.length === 0) return false;
  const news = { ...resource.inputs, ...Object.fromEntries(touched) };
  const kept = withIgnored(news, resource.inputs, resource.ignoreChanges ?? []);
  const diff = await diffResource(provider, resource, kept, resource.replaceOnChanges ?? []);
  return replacePaths(diff).length > 0;
}
