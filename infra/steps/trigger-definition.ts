import { sha256 } from "../../packages/kit/sha256";

/**
 * Hash of a trigger's definition, equal for the `properties` of its file and for those that Azure answers while nobody has edited it:
 * without what the service adds (`runtimeState`), empty lists and objects, the order of keys and the way in which a time is written.
 * @param properties in the form of Studio and of Azure's REST interface
 */
export function definitionHash(properties: unknown): string {
  return sha256(JSON.stringify(normal(properties)) ?? "");
}

function normal(value: unknown): unknown {
  if (typeof value === "string") return instant(value);
  if (Array.isArray(value)) return value.map(normal);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, part]) => [key, normal(part)] as const)
      .filter(([key, part]) => key !== "runtimeState" && !isEmpty(part))
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

/** `2026-01-01T02:00:00Z` and `2026-01-01T02:00:00.000Z` are one time. */
function instant(text: string): string {
  return /^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)$/.test(text) ? new Date(text).toISOString() : text;
}

function isEmpty(part: unknown): boolean {
  return part === null || (typeof part === "object" && Object.keys(part).length === 0);
}
