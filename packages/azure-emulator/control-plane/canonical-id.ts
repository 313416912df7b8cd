import type { ResourceTypeCatalogue } from "../../azure-resource-types";
import type { ResourceStore } from "./resource";
import { parseResourceId } from "./resource-id";

const GROUP = /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+/i;

/**
 * An id as Resource Manager spells it, whatever its spelling in the request: `resourceGroups`, the type as it is published, and each
 * resource above it by the name with which it was made. The last name stays as it is asked for.
 */
export function canonicalId(
  id: string,
  types: Pick<ResourceTypeCatalogue, "byType">,
  resources: Pick<ResourceStore, "get">,
): string {
  const address = parseResourceId(id);
  if (address === undefined) return `/subscriptions/${id.split("/")[2] ?? ""}`;
  const group = GROUP.exec(id)?.[0];
  if (group !== undefined && group.length === id.length)
    return `${canonicalId(address.parent, types, resources)}/resourceGroups/${address.name}`;
  const provider = id.toLowerCase().lastIndexOf("/providers/");
  const [namespace = "", ...pairs] = id.slice(provider + "/providers/".length).split("/");
  const spelled = types.byType(address.type)?.type.split("/") ?? [];
  let built = `${scopeOf(id.slice(0, provider), types, resources)}/providers/${spelled[0] ?? namespace}`;
  for (let at = 0; at < pairs.length; at += 2) {
    const step = `${built}/${spelled[at / 2 + 1] ?? pairs[at]}`;
    const named = `${step}/${pairs[at + 1]}`;
    const last = at + 2 >= pairs.length;
    built = last ? named : `${step}/${resources.get(named)?.name ?? pairs[at + 1]}`;
  }
  return built;
}

function scopeOf(
  scope: string,
  types: Pick<ResourceTypeCatalogue, "byType">,
  resources: Pick<ResourceStore, "get">,
): string {
  return resources.get(scope)?.id ?? canonicalId(scope, types, resources);
}
