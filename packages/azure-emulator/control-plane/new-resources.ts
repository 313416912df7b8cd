import type { ArmResource, ResourceStore } from "./resource";
import { sameId } from "./resource-id";

/** How many more requests meet a new resource as if it were not there yet, by a key whose case does not matter. */
export interface NewResources {
  left(key: string): number;
  /** Counts a request. @returns how many were left before it */
  take(key: string): number;
}

/**
 * Counts down the requests for the resources of a type that are made from now on; none after a restart.
 * @param requests How many such requests a new resource meets.
 */
export function followNew(
  resources: Pick<ResourceStore, "subscribe">,
  type: string,
  requests: (resource: ArmResource) => number,
  keyOf: (resource: ArmResource) => string = ({ id }) => id,
): NewResources {
  const counts = new Map<string, number>();
  resources.subscribe(({ kind, resource }) => {
    if (!sameId(resource.type, type)) return;
    const { createdAt, lastModifiedAt } = resource.systemData ?? {};
    const key = keyOf(resource).toLowerCase();
    if (kind === "removed") counts.delete(key);
    else if (createdAt === lastModifiedAt) counts.set(key, requests(resource));
  });
  const left = (key: string) => counts.get(key.toLowerCase()) ?? 0;
  return {
    left,
    take(key) {
      const before = left(key);
      if (before > 1) counts.set(key.toLowerCase(), before - 1);
      else counts.delete(key.toLowerCase());
      return before;
    },
  };
}
