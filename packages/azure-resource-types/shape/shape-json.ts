import type { ArrayShape, NumberShape, ObjectShape, Presence, Shape, StringShape, TypeShape } from "./shape";

/**
 * The text form of a shape, in the files of `shapes/`. A shape is its words, `"string required writeOnly"`, or an object with the
 * words as `is` and the rest beside them; `"Activity itself"` is a recursive one. What the words leave out is as in {@link Shape}.
 */
export type ShapeJson = string | ShapeObject;

interface ShapeObject {
  readonly is: string;
  readonly name?: string;
  readonly enum?: readonly string[];
  readonly openEnum?: readonly string[];
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly min?: number;
  readonly max?: number;
  readonly items?: ShapeJson;
  readonly properties?: Readonly<Record<string, ShapeJson>>;
  readonly others?: ShapeJson;
  readonly variants?: { readonly key: string; readonly of: Readonly<Record<string, ShapeJson>> };
  readonly oneOf?: readonly ShapeJson[];
}

export interface TypeShapeJson {
  readonly type: string;
  readonly version: string;
  readonly name: ShapeJson;
  readonly body: ShapeJson;
}

/** @throws Error for a form that {@link typeShapeToJson} does not write. */
export function typeShapeFromJson({ type, version, name, body }: TypeShapeJson): TypeShape {
  return {
    type,
    version,
    name: shapeFromJson(name) as StringShape,
    body: shapeFromJson(body) as ObjectShape,
  };
}

export function typeShapeToJson({ type, version, name, body }: TypeShape): TypeShapeJson {
  return { type, version, name: shapeToJson(name), body: shapeToJson(body) };
}

export function shapeFromJson(json: ShapeJson): Shape {
  const { is, items, properties, others, variants, oneOf, ...rest } =
    typeof json === "string" ? ({ is: json } as ShapeObject) : json;
  const [kind = "", ...words] = is.split(" ");
  if (words[0] === "itself") return { kind: "recursive", name: kind, ...presence(words) };
  const shared = { ...presence(words), ...rest };
  switch (kind) {
    case "any":
    case "bool":
      return { ...shared, kind };
    case "string":
      return { ...shared, kind } satisfies StringShape;
    case "number":
      return { ...shared, kind } satisfies NumberShape;
    case "array":
      return { ...shared, kind, items: shapeFromJson(items ?? "any") } satisfies ArrayShape;
    case "oneOf":
      return { ...shared, kind, oneOf: (oneOf ?? []).map(shapeFromJson) };
    case "object":
      return {
        ...shared,
        kind,
        properties: mapped(properties ?? {}, shapeFromJson),
        ...(others !== undefined && { others: shapeFromJson(others) }),
        ...(variants && { variants: { key: variants.key, of: mapped(variants.of, shapeFromJson) } }),
      } satisfies ObjectShape;
    default:
      throw new Error(`A shape has the unknown kind '${kind}'.`);
  }
}

export function shapeToJson(shape: Shape): ShapeJson {
  const words = (["required", "readOnly", "writeOnly"] as const).filter((word) => shape[word]);
  if (shape.kind === "recursive") return [shape.name, "itself", ...words].join(" ");
  const {
    kind,
    required: _r,
    readOnly: _o,
    writeOnly: _w,
    items,
    properties,
    others,
    variants,
    oneOf,
    ...rest
  } = shape as AnyShape;
  const details = {
    ...rest,
    ...(items && items.kind !== "any" && { items: shapeToJson(items) }),
    ...(properties && Object.keys(properties).length > 0 && { properties: mapped(properties, shapeToJson) }),
    ...(others && { others: shapeToJson(others) }),
    ...(variants && { variants: { key: variants.key, of: mapped(variants.of, shapeToJson) } }),
    ...(oneOf && { oneOf: oneOf.map(shapeToJson) }),
  };
  const is = [kind, ...words].join(" ");
  return Object.keys(details).length === 0 ? is : { is, ...details };
}

/** The members of every kind of shape, so that one function can write all of them. */
type AnyShape = Presence & { readonly kind: string; readonly oneOf?: readonly Shape[] } & Partial<
    Omit<StringShape, "kind"> &
      Omit<NumberShape, "kind"> &
      Omit<ArrayShape, "kind"> &
      Omit<ObjectShape, "kind">
  >;

function presence(words: readonly string[]): { required?: true; readOnly?: true; writeOnly?: true } {
  return Object.fromEntries(words.filter((word) => word !== "itself").map((word) => [word, true]));
}

function mapped<From, To>(
  object: Readonly<Record<string, From>>,
  change: (value: From) => To,
): Record<string, To> {
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [name, change(value)]));
}
