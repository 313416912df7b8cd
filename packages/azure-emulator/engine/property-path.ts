import { isJsonObject, ownMember } from "../../kit/json-object";
import { isSecret, secret } from "./wire-values";

/** The path of a property: names, indices, and `*` for every name or index. */
export type PropertyPath = readonly (string | number)[];

/** True if `other` is at or below the path: `sku` contains `sku.name`, not the other way round. */
export function containsPath(path: PropertyPath, other: PropertyPath): boolean {
  return path.length <= other.length && path.every((part, index) => part === "*" || part === other[index]);
}

/**
 * Returns `now` with the value at the path reset to that of `old`, or removed if `old` has none. It creates no parents on
 * the path and keeps the length of lists: if `old` and `now` do not match in shape, `now` stays. It looks into secrets,
 * which stay secret.
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
  const has = isJsonObject(old) && Object.hasOwn(old, key);
  if (rest.length === 0) return has ? { ...now, [key]: old[key] } : without(now, key);
  if (!isJsonObject(old) || !Object.hasOwn(now, key)) return now;
  return { ...now, [key]: resetPath(ownMember(old, key), now[key], rest) };
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
    Object.entries(now).map(([key, item]) => [
      key,
      Object.hasOwn(old, key) ? resetPath(old[key], item, rest) : item,
    ]),
  );
}

/** Makes each member of a secret value a secret, so that a member that is taken over stays secret. */
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
