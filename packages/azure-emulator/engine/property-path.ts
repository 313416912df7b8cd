import { isJsonObject } from "../../kit/json-object";
import { isSecret, secret } from "./wire-values";

/** A place among a resource's properties: names, indices, and `*` for every name or index there. */
export type PropertyPath = readonly (string | number)[];

/** True where `other` is at or below the path: `sku` contains `sku.name`, not the other way round. */
export function containsPath(path: PropertyPath, other: PropertyPath): boolean {
  return path.length <= other.length && path.every((part, index) => part === "*" || part === other[index]);
}

/**
 * `now` with what `old` has at the path, and without what `old` does not have there. Nothing is made on the way to the path, and a
 * list keeps its length: where the two cannot be brought together, `now` stays. Secrets are looked into and stay secret.
 */
export function resetPath(old: unknown, now: unknown, path: PropertyPath): unknown {
  if (isSecret(now)) return secret(resetPath(isSecret(old) ? old.value : old, now.value, path));
  if (isSecret(old)) return resetPath(secretMembers(old.value), now, path);
  const [key, ...rest] = path;
  if (key === "*") return resetAll(old, now, rest);
  if (typeof key === "number") {
    if (!Array.isArray(old) || !Array.isArray(now) || key >= old.length || key >= now.length) return now;
    return now.with(key, resetBelow(old[key], now[key], rest));
  }
  if (key === undefined || !isJsonObject(now)) return now;
  const has = isJsonObject(old) && key in old;
  if (rest.length === 0) return has ? { ...now, [key]: old[key] } : without(now, key);
  if (!isJsonObject(old) || !(key in now)) return now;
  return { ...now, [key]: resetPath(old[key], now[key], rest) };
}

function resetBelow(old: unknown, now: unknown, rest: PropertyPath): unknown {
  return rest.length === 0 ? old : resetPath(old, now, rest);
}

function resetAll(old: unknown, now: unknown, rest: PropertyPath): unknown {
  if (Array.isArray(old) && Array.isArray(now)) {
    return now.map((item, index) => (index < old.length ? resetBelow(old[index], item, rest) : item));
  }
  if (!isJsonObject(old) || !isJsonObject(now)) return now;
  if (rest.length === 0) return old;
  return Object.fromEntries(
    Object.entries(now).map(([key, item]) => [key, key in old ? resetPath(old[key], item, rest) : item]),
  );
}

/** The members of a secret, each a secret: what is taken over from it stays one. */
function secretMembers(value: unknown): unknown {
  const hide = (member: unknown) => (isSecret(member) ? member : secret(member));
  if (Array.isArray(value)) return value.map(hide);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, hide(member)]));
}

function without(object: Readonly<Record<string, unknown>>, key: string): Record<string, unknown> {
  const { [key]: _gone, ...others } = object;
  return others;
}
