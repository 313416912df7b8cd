import { valueAt } from "../../../packages/kit/property-path";
import { isObject, type JsonObject } from "./json-value";
import { byText, type PropertyChange } from "./model";
import { change, differences } from "./value-change";

/**
 * The changes of a list whose items have names, item by item: `datasets["d-premium"].table`.
 * @param key The member that names an item; no two have the same.
 * @returns undefined if the lists have another form.
 */
export function itemChanges(
  property: string,
  key: string,
  before: unknown,
  after: unknown,
): PropertyChange[] | undefined {
  const [old, now] = [itemsByName(before, key), itemsByName(after, key)];
  if (old === undefined || now === undefined) return undefined;
  const changes = [...new Set([...old.keys(), ...now.keys()])].sort(byText).flatMap((name) => {
    const [was, is] = [old.get(name), now.get(name)];
    // An added or removed item is shown as a whole.
    const places = was === undefined || is === undefined ? [[]] : differences(was, is);
    return places.map((keys) => change([property, name, ...keys], valueAt(was, keys), valueAt(is, keys)));
  });
  if (changes.length > 0) return changes;
  // The same items in another order.
  return [change([property], [...old.keys()], [...now.keys()])];
}

/** The items by name; undefined if the value is not a list of named items. An absent list counts as empty. */
export function itemsByName(list: unknown, key: string): Map<string, JsonObject> | undefined {
  if (list === undefined || list === null) return new Map();
  if (!Array.isArray(list)) return undefined;
  const items = new Map<string, JsonObject>();
  for (const item of list as unknown[]) {
    const name = isObject(item) ? item[key] : undefined;
    if (!isObject(item) || typeof name !== "string" || items.has(name)) return undefined;
    items.set(name, item);
  }
  return items;
}
