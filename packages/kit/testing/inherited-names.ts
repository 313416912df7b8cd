/** Names that a plain object seems to have although nobody gave them to it. Any of them can be a column's, a tag's or a table's name. */
export const inheritedNames = ["constructor", "__proto__", "toString", "hasOwnProperty"] as const;

/** An object with these names as members of its own, in this order. */
export function withInheritedNames<Value>(value: (name: string) => Value): Record<string, Value> {
  return Object.fromEntries(inheritedNames.map((name) => [name, value(name)]));
}
