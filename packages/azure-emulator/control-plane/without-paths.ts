import type { ArmResource } from "./resource";

/** The resource as GET shows it: without the members at these dotted paths below `properties`. */
export function withoutPaths(resource: ArmResource, paths: readonly string[]): ArmResource {
  if (paths.length === 0) return resource;
  const properties = structuredClone(resource.properties) as Record<string, unknown>;
  for (const path of paths) remove(properties, path.split("."));
  return { ...resource, properties };
}

function remove(target: Record<string, unknown>, [key, ...rest]: readonly string[]): void {
  if (key === undefined) return;
  if (rest.length === 0) {
    delete target[key];
    return;
  }
  const next = target[key];
  if (typeof next === "object" && next !== null) remove(next as Record<string, unknown>, rest);
}
