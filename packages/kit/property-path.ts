import { isJsonObject, ownMember } from "./json-object";

/** `a.b[0]["c.d"]` → its keys; the syntax of Pulumi's property paths, which escapes only quotes in quotes. */
export function parsePath(path: string): (string | number)[] {
  const keys: (string | number)[] = [];
  for (const [, plain, index, quoted] of path.matchAll(
    /([^.[\]"]+)|\[(\d+)\]|\["((?:[^"\\]|\\"|\\(?!"))*)"\]/g,
  )) {
    if (plain !== undefined) keys.push(plain);
    else if (index !== undefined) keys.push(Number(index));
    else if (quoted !== undefined) keys.push(quoted.replaceAll('\\"', '"'));
  }
  return keys;
}

/** A path on one line, which parsePath can read. */
export function formatPath(keys: readonly string[]): string {
  return keys.reduce((path, key) => {
    if (!/^[\w$-]+$/.test(key))
      return `${path}["${key.replace(/[\n\r\t"]/g, (char) => JSON.stringify(char).slice(1, -1))}"]`;
    return path === "" ? key : `${path}.${key}`;
  }, "");
}

/** The keys up to the first list: an item's index is meaningless once another item was inserted before it. */
export function upToList(path: string): string[] {
  const keys = parsePath(path);
  const list = keys.findIndex((key) => typeof key === "number");
  return (list < 0 ? keys : keys.slice(0, list)).map(String);
}

export function valueAt(value: unknown, keys: readonly string[]): unknown {
  return keys.reduce<unknown>(
    (found, key) => (isJsonObject(found) ? ownMember(found, key) : undefined),
    value,
  );
}
