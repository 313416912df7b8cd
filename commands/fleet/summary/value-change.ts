import { ownMember } from "../../../packages/kit/json-object";
import { formatPath } from "../../../packages/kit/property-path";
import { displayTexts, isObject, type JsonObject } from "./json-value";
import { byText, MASK, type PropertyChange } from "./model";

/** The paths to the single values and whole lists that differ. */
export function differences(before: unknown, after: unknown): string[][] {
  if (isObject(before) || isObject(after)) {
    const [old, now]: [JsonObject, JsonObject] = [
      isObject(before) ? before : {},
      isObject(after) ? after : {},
    ];
    if ((isObject(before) || before === undefined) && (isObject(after) || after === undefined)) {
      const keys = [...new Set([...Object.keys(old), ...Object.keys(now)])].sort();
      return keys.flatMap((key) =>
        differences(ownMember(old, key), ownMember(now, key)).map((below) => [key, ...below]),
      );
    }
  }
  return equal(before, after) ? [] : [[]];
}

/** A change between two values, of which at most one is absent. */
export function change(
  keys: readonly string[],
  before: unknown,
  after: unknown,
  form?: "text",
): PropertyChange {
  const old = before ?? undefined;
  const now = after ?? undefined;
  const shown =
    form === undefined ? displayTexts(old, now) : { form, texts: [String(old ?? ""), String(now ?? "")] };
  return {
    path: form === undefined ? formatPath(keys) : keys.join(""),
    kind: old === undefined ? "add" : now === undefined ? "delete" : "update",
    form: shown.form,
    ...(old === undefined ? {} : { before: shown.texts[0] ?? "" }),
    ...(now === undefined ? {} : { after: shown.texts[1] ?? "" }),
    secret: old === MASK || now === MASK,
    replaces: false,
  };
}

/** Null counts as absent, as it does for the providers. */
export function equal(a: unknown, b: unknown): boolean {
  return stable(a) === stable(b);
}

function stable(value: unknown): string {
  return JSON.stringify(value ?? null, (_key, item: unknown) =>
    isObject(item) ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => byText(a, b))) : item,
  );
}
