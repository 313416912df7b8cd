import type { ArrayShape, NumberShape, ObjectShape, Shape, StringShape } from "../../../azure-resource-types";
import { isJsonObject, type JsonObject, ownMember } from "../../../kit/json-object";
import { BodyFault, type FaultKind, type Place, pathOf } from "./body-fault";

/** How strictly a body is held to its shape. Left out: as a PUT in the shape's own API version. */
export interface Strictness {
  /** What becomes of properties that the shape does not have: refused, taken as they are, or left out. */
  readonly unknown?: "refuse" | "take" | "drop";
  /** Takes values that an open enum does not have. */
  readonly openEnums?: boolean;
  /** Which required properties must be there; `readable` are those that a GET answers. */
  readonly required?: "all" | "readable" | "none";
}

/**
 * A body without the values of read-only properties, which Azure ignores. Null stands for an absent value, as for Azure's own
 * deserializer.
 * @throws BodyFault for the first part that the shape does not take
 */
export function checkShape(shape: ObjectShape, body: JsonObject, strictness: Strictness = {}): JsonObject {
  return new Check(strictness).object(shape, body, undefined);
}

class Check {
  /** The objects around the place, by the names that recursive shapes use. */
  private readonly around: ObjectShape[] = [];

  constructor(private readonly strictness: Strictness) {}

  private value(shape: Shape, value: unknown, place: Place | undefined): unknown {
    switch (shape.kind) {
      case "any":
        return value;
      case "bool":
        return typeof value === "boolean" ? value : fault("kind", place, "a Boolean is expected");
      case "string":
        return this.string(shape, value, place);
      case "number":
        return checkNumber(shape, value, place);
      case "array":
        return this.array(shape, value, place);
      case "object":
        return this.object(shape, value, place);
      case "oneOf":
        return this.oneOf(shape.oneOf, value, place);
      case "recursive": {
        const again = this.around.findLast(({ name }) => name === shape.name);
        return again === undefined ? value : this.object(again, value, place);
      }
    }
  }

  object(shape: ObjectShape, value: unknown, place: Place | undefined): JsonObject {
    if (!isJsonObject(value)) return fault("kind", place, "an object is expected");
    if (shape.name !== undefined) this.around.push(shape);
    const checked = this.members(shape, value, place);
    if (shape.name !== undefined) this.around.pop();
    return checked;
  }

  private members(shape: ObjectShape, value: JsonObject, place: Place | undefined): JsonObject {
    const variant = this.variant(shape, value, place);
    this.requireMembers(shape, value, place);
    if (variant?.kind === "object") this.requireMembers(variant, value, place);
    let checked: Record<string, unknown> | undefined;
    for (const [name, given] of Object.entries(value)) {
      const result = this.member(shape, variant, name, given, { above: place, step: name });
      if (result === given) continue;
      checked ??= { ...value };
      if (result === undefined) delete checked[name];
      else checked[name] = result;
    }
    return checked ?? value;
  }

  private requireMembers(shape: ObjectShape, value: JsonObject, place: Place | undefined): void {
    const { required = "all" } = this.strictness;
    if (required === "none") return;
    for (const name of requiredOf(shape)) {
      const given = ownMember(value, name);
      if (given !== undefined && given !== null) continue;
      if (required === "readable" && shape.properties[name]?.writeOnly) continue;
      fault("missing", { above: place, step: name }, "it is required");
    }
  }

  /** @returns undefined for a property that the body loses: a read-only one. */
  private member(
    shape: ObjectShape,
    variant: Shape | undefined,
    name: string,
    given: unknown,
    place: Place,
  ): unknown {
    const described = describedMember(shape, variant, name);
    if (described?.readOnly) return undefined;
    if (given === null || given === undefined || shape.variants?.key === name) return given;
    if (described !== undefined) return this.value(described, given, place);
    const { unknown = "refuse" } = this.strictness;
    if (unknown === "refuse") return fault("unknown", place, "the type has no such property");
    return unknown === "take" ? given : undefined;
  }

  /** The part of the shape that the value of its key selects. */
  private variant({ variants }: ObjectShape, value: JsonObject, place: Place | undefined): Shape | undefined {
    if (variants === undefined) return undefined;
    const at = { above: place, step: variants.key };
    const key = ownMember(value, variants.key);
    if (key === undefined || key === null) {
      if (this.strictness.required === "none") return { kind: "any" };
      return fault("missing", at, "it is required");
    }
    if (typeof key !== "string") return fault("kind", at, "a string is expected");
    const found = ownMember(variants.of, key);
    if (found !== undefined || this.strictness.openEnums) return found ?? { kind: "any" };
    return fault("enum", at, `one of ${list(Object.keys(variants.of))} is expected`);
  }

  private string(shape: StringShape, value: unknown, place: Place | undefined): unknown {
    if (typeof value !== "string") return fault("kind", place, "a string is expected");
    const values = shape.enum ?? (this.strictness.openEnums ? undefined : shape.openEnum);
    // .NET's deserializers ignore the case of an enum's value: Data Factory's Studio writes `string` for `String`.
    if (
      values !== undefined &&
      !values.some((known) => known.toLowerCase() === value.toLowerCase()) &&
      !isKnownOther(place, value)
    )
      return fault("enum", place, `one of ${list(values)} is expected`);
    checkLength(shape, value.length, "characters", place);
    if (shape.pattern !== undefined && !patternOf(shape.pattern).test(value))
      return fault("pattern", place, `it must match '${shape.pattern}'`);
    return value;
  }

  private array(shape: ArrayShape, value: unknown, place: Place | undefined): unknown {
    if (!Array.isArray(value)) return fault("kind", place, "an array is expected");
    checkLength(shape, value.length, "items", place);
    if (shape.items.kind === "any") return value;
    let checked: unknown[] | undefined;
    value.forEach((item, index) => {
      const at = { above: place, step: index };
      if (item === null || item === undefined) return;
      const result = this.value(shape.items, item, at);
      if (result === item) return;
      checked ??= [...value];
      checked[index] = result;
    });
    return checked ?? value;
  }

  private oneOf(shapes: readonly Shape[], value: unknown, place: Place | undefined): unknown {
    let first: BodyFault | undefined;
    for (const shape of shapes) {
      try {
        return this.value(shape, value, place);
      } catch (error) {
        if (!(error instanceof BodyFault)) throw error;
        first ??= error;
      }
    }
    throw first ?? new BodyFault("kind", pathOf(place), "no value is expected");
  }
}

/**
 * Values that Azure takes although some types' enums lack them. Resource Manager's own identity block has `None` and both spellings of
 * the two together: azure-rest-api-specs, specification/common-types/resource-management/v5/managedidentity.json.
 */
const KNOWN_OTHERS: ReadonlyMap<string, RegExp> = new Map([
  ["identity.type", /^(none|systemassigned|userassigned|systemassigned, ?userassigned)$/i],
]);

function isKnownOther(place: Place | undefined, value: string): boolean {
  return KNOWN_OTHERS.get(pathOf(place))?.test(value) === true;
}

function describedMember(shape: ObjectShape, variant: Shape | undefined, name: string): Shape | undefined {
  const own = ownMember(shape.properties, name);
  if (own !== undefined) return own;
  if (variant?.kind === "any") return variant;
  if (variant?.kind !== "object") return shape.others;
  return ownMember(variant.properties, name) ?? variant.others ?? shape.others;
}

function checkNumber(shape: NumberShape, value: unknown, place: Place | undefined): unknown {
  if (typeof value !== "number") return fault("kind", place, "a number is expected");
  const { min, max } = shape;
  if ((min === undefined || value >= min) && (max === undefined || value <= max)) return value;
  return fault("range", place, `a number ${between(min, max)} is expected`);
}

function checkLength(
  { minLength, maxLength }: { readonly minLength?: number; readonly maxLength?: number },
  length: number,
  what: string,
  place: Place | undefined,
): void {
  if (length >= (minLength ?? 0) && length <= (maxLength ?? Number.POSITIVE_INFINITY)) return;
  fault("length", place, `its length must be ${between(minLength, maxLength)} ${what}`);
}

function between(min: number | undefined, max: number | undefined): string {
  if (min === undefined) return `of at most ${max}`;
  return max === undefined ? `of at least ${min}` : `from ${min} to ${max}`;
}

function fault(kind: FaultKind, place: Place | undefined, expected: string): never {
  throw new BodyFault(kind, pathOf(place), expected);
}

function list(values: readonly string[]): string {
  const shown = values.slice(0, 12).map((value) => `'${value}'`);
  return shown.join(", ") + (values.length > shown.length ? ", …" : "");
}

const required = new WeakMap<ObjectShape, readonly string[]>();

function requiredOf(shape: ObjectShape): readonly string[] {
  let names = required.get(shape);
  if (names === undefined) {
    names = Object.entries(shape.properties).flatMap(([name, member]) =>
      member.required && !member.readOnly ? [name] : [],
    );
    required.set(shape, names);
  }
  return names;
}

const patterns = new Map<string, RegExp>();

function patternOf(text: string): RegExp {
  let pattern = patterns.get(text);
  if (pattern === undefined) {
    pattern = new RegExp(text);
    patterns.set(text, pattern);
  }
  return pattern;
}
