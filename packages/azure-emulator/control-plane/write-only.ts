import type { ResourceType } from "./local-service";
import type { ArmResource } from "./resource";

/** The resource as GET shows it: without what its type lets nobody read. */
export function withoutWriteOnly(resource: ArmResource, type: ResourceType | undefined): ArmResource {
  if (!type?.writeOnly?.length) return resource;
  const properties = structuredClone(resource.properties) as Record<string, unknown>;
  for (const path of type.writeOnly) remove(properties, path.split("."));
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
