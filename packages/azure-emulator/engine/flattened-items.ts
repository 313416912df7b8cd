import type { ObjectShape, Shape } from "../../azure-resource-types";
import { isJsonObject, ownMember } from "../../kit/json-object";

/** The shape of an item's `properties`, if azure-native flattens them: a subnet of a network, and what is inside it. */
export function propertiesOf(shape: Shape | undefined): ObjectShape | undefined {
  if (shape?.kind !== "object") return undefined;
  const properties = ownMember(shape.properties, "properties");
  return properties?.kind === "object" ? properties : undefined;
}

/** azure-native's flat items → Resource Manager's. @param shape of `value` */
export function nestItems(value: unknown, shape: Shape | undefined): unknown {
  return changed(value, shape, nest);
}

/** Resource Manager's items → azure-native's flat ones. @param shape of `value` */
export function flattenItems(value: unknown, shape: Shape | undefined): unknown {
  return changed(value, shape, flatten);
}

type Change = (item: Readonly<Record<string, unknown>>, shape: ObjectShape) => Record<string, unknown>;

function changed(value: unknown, shape: Shape | undefined, change: Change): unknown {
  if (Array.isArray(value))
    return shape?.kind === "array" ? value.map((item) => changed(item, shape.items, change)) : value;
  return isJsonObject(value) && shape?.kind === "object" ? change(value, shape) : value;
}

const nest: Change = (item, shape) => {
  const below = propertiesOf(shape);
  const beside: [string, unknown][] = [];
  const inside: [string, unknown][] = [];
  for (const [key, value] of Object.entries(item)) {
    const own = ownMember(shape.properties, key);
    const moved = own === undefined && below ? ownMember(below.properties, key) : undefined;
    if (moved === undefined) beside.push([key, nestItems(value, own)]);
    else inside.push([key, nestItems(value, moved)]);
  }
  return {
    ...Object.fromEntries(beside),
    ...(inside.length > 0 && { properties: Object.fromEntries(inside) }),
  };
};

const flatten: Change = (item, shape) => {
  const below = propertiesOf(shape);
  const flat = (members: Readonly<Record<string, unknown>>, of: ObjectShape) =>
    Object.fromEntries(
      Object.entries(members).map(([key, value]) => [
        key,
        flattenItems(value, ownMember(of.properties, key)),
      ]),
    );
  const { properties, ...beside } = item;
  if (below === undefined || !isJsonObject(properties)) return flat(item, shape);
  return { ...flat(beside, shape), ...flat(properties, below) };
};
