import published from "./api-versions.json";
import type { ResourceTypeDescriptor } from "./descriptor";

/**
 * The API versions of each type, newest first, as azure-native's SDK and the published types list them
 * (https://learn.microsoft.com/azure/templates/ shows the same).
 */
const versions: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries(published).map(([type, list]) => [type.toLowerCase(), list.split(" ")]),
);

/** A described type's API versions, newest first. */
export function apiVersionsOf({
  type,
  apiVersion,
}: Pick<ResourceTypeDescriptor, "type" | "apiVersion">): readonly string[] {
  return versions.get(type.toLowerCase()) ?? [apiVersion];
}

/** The newest of all that are listed, as a day: about when the list was made. */
export const newestApiVersion: string = [...versions.values()]
  .flatMap((list) => list.map((version) => version.slice(0, "2026-01-01".length)))
  .reduce((newest, version) => (version > newest ? version : newest));
