import { type Argument, type Filter, FilterSyntaxError, type Literal } from "./filter";

/** What a list can be filtered by; names in lower case. */
export interface Filterable<Item> {
  readonly properties: ReadonlyMap<string, (item: Item) => unknown>;
  /** A call's answer for an item, given its arguments. A property among them comes as its value. */
  readonly calls?: ReadonlyMap<string, (item: Item, ...given: readonly unknown[]) => boolean>;
}

/**
 * A filter as a function. Texts are compared without case, as Resource Manager does.
 * @throws FilterSyntaxError if the filter names something by which the list cannot be filtered.
 */
export function predicateOf<Item>(filter: Filter, by: Filterable<Item>): (item: Item) => boolean {
  switch (filter.kind) {
    case "and": {
      const [left, right] = [predicateOf(filter.left, by), predicateOf(filter.right, by)];
      return (item) => left(item) && right(item);
    }
    case "or": {
      const [left, right] = [predicateOf(filter.left, by), predicateOf(filter.right, by)];
      return (item) => left(item) || right(item);
    }
    case "not": {
      const inner = predicateOf(filter.of, by);
      return (item) => !inner(item);
    }
    case "compare": {
      const read = known(by.properties, filter.property);
      const equal = filter.operator === "eq";
      return (item) => same(read(item), filter.value) === equal;
    }
    case "call": {
      const call = known(by.calls ?? new Map(), filter.name);
      const readers = filter.arguments.map((argument) => readerOf(argument, by));
      return (item) => call(item, ...readers.map((read) => read(item)));
    }
  }
}

function readerOf<Item>(argument: Argument, by: Filterable<Item>): (item: Item) => unknown {
  return "literal" in argument ? () => argument.literal : known(by.properties, argument.property);
}

function known<Value>(names: ReadonlyMap<string, Value>, name: string): Value {
  const found = names.get(name.toLowerCase());
  if (found === undefined) throw new FilterSyntaxError();
  return found;
}

function same(value: unknown, literal: Literal): boolean {
  if (typeof value === "string" && typeof literal === "string")
    return value.toLowerCase() === literal.toLowerCase();
  return (value ?? null) === literal;
}

/** `substringof('part', property)`, and the same with `contains(property, 'part')`. */
export function contains(part: unknown, whole: unknown): boolean {
  return String(whole ?? "")
    .toLowerCase()
    .includes(String(part).toLowerCase());
}
