import { formatPath } from "../../../packages/kit/property-path";
import { isObject, tell } from "./json-value";
import { byText, MASK, type PropertyChange } from "./model";

/** Paths down to single values and whole lists. */
export function differences(before: unknown, after: unknown): string[][] {
  if (isObject(before) || isObject(after)) {
    const [old, now] = [isObject(before) ? before : {}, isObject(after) ? after : {}];
    if ((isObject(before) || before === undefined) && (isObject(after) || after === undefined)) {
      const keys = [...new Set([...Object.keys(old), ...Object.keys(now)])].sort();
      return keys.flatMap((key) => differences(old[key], now[key]).map((below) => [key, ...below]));
    }
  }
  return equal(before, after) ? [] : [[]];
}

/** A change between two values of which one is absent, or neither. */
export function change(
  keys: readonly string[],
  before: unknown,
  after: unknown,
  form?: "text",
): PropertyChange {
  const old = before ?? undefined;
  const now = after ?? undefined;
  const told = form === undefined ? tell(old, now) : { form, texts: [String(old ?? ""), String(now ?? "")] };
  return {
    path: form === undefined ? formatPath(keys) : keys.join(""),
    kind: old === undefined ? "add" : now === undefined ? "delete" : "update",
    form: told.form,
    ...(old === undefined ? {} : { before: told.texts[0] ?? "" }),
    ...(now === undefined ? {} : { after: told.texts[1] ?? "" }),
    secret: old === MASK || now === MASK,
    replaces: false,
  };
}

/** Null counts as absent, as for the providers. */
export function equal(a: unknown, b: unknown): boolean {
  return stable(a) === stable(b);
}

function stable(value: unknown): string {
  return JSON.stringify(value ?? null, (_key, item: unknown) =>
    isObject(item) ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => byText(a, b))) : item,
  );
}
