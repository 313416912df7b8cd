import type { ObjectShape, Presence, Shape, StringShape, TypeShape } from "./shape";

/** An entry of a `types.json` of Azure/bicep-types-az; `$ref` is `#/<index>`. Only what is read here. */
export interface BicepType {
  readonly $type: string;
  readonly name?: string;
  readonly value?: string;
  readonly body?: Reference;
  readonly properties?: Readonly<Record<string, BicepProperty>>;
  readonly additionalProperties?: Reference;
  readonly discriminator?: string;
  readonly baseProperties?: Readonly<Record<string, BicepProperty>>;
  readonly elements?: readonly Reference[] | Readonly<Record<string, Reference>>;
  readonly itemType?: Reference;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly minValue?: number;
  readonly maxValue?: number;
}

interface Reference {
  readonly $ref: string;
}

interface BicepProperty {
  readonly type: Reference;
  /** Bits: 1 required, 2 read-only, 4 write-only. */
  readonly flags: number;
}

/** The path and the envelope give these; they are the same for all types. */
const ENVELOPE: ReadonlySet<string> = new Set(["id", "name", "type", "apiVersion"]);

/**
 * The resource types of a file.
 * @param wanted what is checked in of a type, "new" if nothing is, undefined for a type that is not wanted. A variant that is checked in
 *   as `any` stays so: it is one that nothing here runs.
 */
export function resourcesOf(
  types: readonly BicepType[],
  wanted: (type: string) => TypeShape | "new" | undefined,
): TypeShape[] {
  return types.flatMap((resource) => {
    const [type = "", version = ""] =
      resource.$type === "ResourceType" ? (resource.name ?? "").split("@") : [];
    const known = wanted(type);
    if (known === undefined || resource.body === undefined) return [];
    const reducer = new Reducer(types);
    const whole = reducer.resource(resource.body);
    const name = reducer.nameOf(resource.body);
    const body = known === "new" ? whole : withKnownVariants(whole, known.body);
    return [{ type, version, name, body }];
  });
}

class Reducer {
  /** References that are being read, from outside to inside. */
  private readonly around: string[] = [];
  /** Those to which something inside refers back. */
  private readonly named = new Set<string>();

  constructor(private readonly types: readonly BicepType[]) {}

  resource(reference: Reference): ObjectShape {
    const shape = this.shape(reference, {});
    if (shape.kind !== "object") throw new Error("The body of a resource is no object.");
    return shape;
  }

  nameOf(reference: Reference): StringShape {
    const { properties, baseProperties } = this.typeAt(reference);
    const name = (properties ?? baseProperties)?.name;
    const shape = name === undefined ? { kind: "string" as const } : this.shape(name.type, {});
    return shape.kind === "string" ? shape : { kind: "string" };
  }

  private typeAt({ $ref }: Reference): BicepType {
    const found = this.types[Number($ref.slice(2))];
    if (found === undefined) throw new Error(`The file has no type ${$ref}.`);
    return found;
  }

  private shape(reference: Reference, presence: Presence): Shape {
    const type = this.typeAt(reference);
    if (this.around.includes(reference.$ref)) {
      this.named.add(reference.$ref);
      return { kind: "recursive", name: type.name ?? "", ...presence };
    }
    this.around.push(reference.$ref);
    const shape = this.reduced(reference, type, presence);
    this.around.pop();
    return shape;
  }

  private reduced(reference: Reference, type: BicepType, presence: Presence): Shape {
    const { minLength, maxLength, pattern, minValue: min, maxValue: max } = type;
    switch (type.$type) {
      case "BooleanType":
        return { kind: "bool", ...presence };
      case "IntegerType":
        return { kind: "number", ...presence, ...defined({ min, max }) };
      case "StringType":
        return { kind: "string", ...presence, ...defined({ minLength, maxLength, pattern }) };
      case "StringLiteralType":
        return { kind: "string", ...presence, enum: [type.value ?? ""] };
      case "ArrayType": {
        const items: Shape = type.itemType ? this.shape(type.itemType, {}) : { kind: "any" };
        return { kind: "array", ...presence, items, ...defined({ minLength, maxLength }) };
      }
      case "UnionType":
        return this.union(type, presence);
      case "ObjectType":
      case "DiscriminatedObjectType":
        return this.object(reference, type, presence);
      default:
        return { kind: "any", ...presence };
    }
  }

  /** Literals are an enum, which is open if any text is one of the elements. */
  private union({ elements }: BicepType, presence: Presence): Shape {
    const members = (elements as readonly Reference[]).map((element) => this.shape(element, {}));
    const texts = members.filter((member) => member.kind === "string");
    if (texts.length < members.length) return { kind: "oneOf", ...presence, oneOf: members };
    const values = texts.flatMap((text) => text.enum ?? []).sort();
    const isOpen = texts.some((text) => text.enum === undefined);
    return { kind: "string", ...presence, ...(isOpen ? { openEnum: values } : { enum: values }) };
  }

  private object(reference: Reference, type: BicepType, presence: Presence): ObjectShape {
    const isResource = this.around.length === 1;
    const members = Object.entries(type.properties ?? type.baseProperties ?? {})
      .filter(([name]) => !(isResource && ENVELOPE.has(name)))
      .sort(([a], [b]) => (a < b ? -1 : 1));
    const properties = Object.fromEntries(members.map(([name, member]) => [name, this.property(member)]));
    const others = type.additionalProperties && this.shape(type.additionalProperties, {});
    const key = type.discriminator;
    const variants = key !== undefined && { variants: { key, of: this.variants(type, key, isResource) } };
    const name = this.named.has(reference.$ref) && type.name !== undefined && { name: type.name };
    return { kind: "object", ...presence, ...name, properties, ...(others && { others }), ...variants };
  }

  private property({ type, flags }: BicepProperty): Shape {
    const presence: Presence = {
      ...((flags & 1) !== 0 && { required: true as const }),
      ...((flags & 2) !== 0 && { readOnly: true as const }),
      ...((flags & 4) !== 0 && { writeOnly: true as const }),
    };
    return presence.readOnly ? { kind: "any", ...presence } : this.shape(type, presence);
  }

  private variants({ elements }: BicepType, key: string, isResource: boolean): Record<string, Shape> {
    const entries = Object.entries(elements as Readonly<Record<string, Reference>>).sort(([a], [b]) =>
      a < b ? -1 : 1,
    );
    return Object.fromEntries(
      entries.map(([value, reference]) => {
        const shape = this.shape(reference, {});
        if (shape.kind !== "object") return [value, shape];
        const { [key]: _key, ...properties } = shape.properties;
        if (!isResource) return [value, { ...shape, properties }];
        const inside = Object.entries(properties).filter(([name]) => !ENVELOPE.has(name));
        return [value, { ...shape, properties: Object.fromEntries(inside) }];
      }),
    );
  }
}

function defined<Members extends object>(
  members: Members,
): { [Key in keyof Members]?: NonNullable<Members[Key]> } {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as never;
}

/** The new shape, with `any` for each variant of which the known shape says nothing. */
function withKnownVariants<Some extends Shape>(now: Some, known: Shape | undefined): Some {
  if (known === undefined || now.kind !== known.kind) return now;
  if (now.kind === "array" && known.kind === "array")
    return { ...now, items: withKnownVariants(now.items, known.items) };
  if (now.kind !== "object" || known.kind !== "object") return now;
  const members = <Value extends Shape>(
    of: Readonly<Record<string, Value>>,
    before: Readonly<Record<string, Shape>>,
    change: (value: Value, earlier: Shape | undefined) => Shape,
  ) => Object.fromEntries(Object.entries(of).map(([name, value]) => [name, change(value, before[name])]));
  return {
    ...now,
    properties: members(now.properties, known.properties, withKnownVariants),
    ...(now.others && { others: withKnownVariants(now.others, known.others) }),
    ...(now.variants && {
      variants: {
        key: now.variants.key,
        of: members(now.variants.of, known.variants?.of ?? {}, (value, earlier) =>
          earlier?.kind === "any" ? { kind: "any" } : withKnownVariants(value, earlier),
        ),
      },
    }),
  };
}
