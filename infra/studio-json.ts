import { QtError } from "../errors/qt-error";
import { isJsonObject, ownMember } from "../packages/kit/json-object";
import { isTyped, shapeOf } from "./studio-shapes";
import { type FamilyName, type Field, type Fields, part, type TypedShape } from "./studio-shapes/field";
import { parts } from "./studio-shapes/parts";

/** Kinds of Data Factory objects, named as Studio names their folders. */
export type StudioKind = "linkedService" | "dataset" | "pipeline" | "trigger";

export type Json = Readonly<Record<string, unknown>>;

/** A reference from one object to another. */
export interface StudioReference {
  readonly kind: StudioKind;
  readonly name: string;
}

/**
 * Turns the `properties` of a Studio object into azure-native's form: `typeProperties` are hoisted, nested activities too.
 * Everything else is kept, key order included, but for what the service writes and nobody can set.
 * @param file Named in errors.
 * @throws QtError QT1101 unknown key, QT1102 collision, QT1103 unknown type.
 */
export function hoist(kind: StudioKind, properties: Json, file: string): Json {
  return new Hoist(file).field(fieldOf(kind), properties, "properties") as Json;
}

/** The exact inverse of {@link hoist}: azure-native's form back into Studio's (which is also that of Azure's REST interface). */
export function unhoist(kind: StudioKind, flattened: Json): Json {
  return unhoistField(fieldOf(kind), flattened) as Json;
}

/** Every object that `properties` refer to, each once, in the order of appearance. */
export function references(properties: unknown): StudioReference[] {
  const found = new Map<string, StudioReference>();
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) {
      value.forEach(visit);
      return;
    }
    if (!isJsonObject(value)) return;
    const kind = typeof value.type === "string" ? ownMember(referenceKinds, value.type) : undefined;
    if (kind && typeof value.referenceName === "string") {
      found.set(`${kind}/${value.referenceName}`, { kind, name: value.referenceName });
    }
    Object.values(value).forEach(visit);
  };
  visit(properties);
  return [...found.values()];
}

const referenceKinds: Readonly<Record<string, StudioKind>> = {
  LinkedServiceReference: "linkedService",
  DatasetReference: "dataset",
  PipelineReference: "pipeline",
  TriggerReference: "trigger",
};

function fieldOf(kind: StudioKind): Field {
  return kind === "pipeline" ? part("Pipeline") : { is: "oneOf", family: kind };
}

/** Walks through one file. */
class Hoist {
  constructor(private readonly file: string) {}

  field(field: Field, value: unknown, path: string): unknown {
    if (field.is === "verbatim" || field.is === "dropped" || value === null || value === undefined)
      return value;
    if (field.is === "refused") return this.unknown(path, "this project's translator");
    if (field.is === "list") {
      if (!Array.isArray(value)) throw this.malformed(path, "a list is expected");
      return value.map((item, index) => this.field(field.of, item, `${path}[${index}]`));
    }
    if (!isJsonObject(value)) throw this.malformed(path, "an object is expected");
    if (field.is === "map") {
      return mapValues(value, (item, key) => this.field(field.of, item, `${path}.${key}`));
    }
    if (field.is === "part") return this.fields(partOf(field.part), value, path, field.part);
    return this.discriminated(field.family, value, path);
  }

  private discriminated(family: FamilyName, value: Json, path: string): Json {
    const type = typeof value.type === "string" ? value.type : "";
    const shape = shapeOf(family, type);
    if (!shape)
      throw new QtError("QT1103", { file: this.file, path, type: type || "(none)", expected: family });
    if (!isTyped(family)) return this.fields(shape as Fields, value, path, type);
    return this.typed(shape as TypedShape, value, path, type);
  }

  private typed({ beside, inside, reworded }: TypedShape, value: Json, path: string, type: string): Json {
    const { typeProperties: written = {}, ...rest } = value;
    const inner = `${path}.typeProperties`;
    if (!isJsonObject(written)) throw this.malformed(inner, "an object is expected");
    const typeProperties = reworded?.(written) ?? written;
    const collision = Object.keys(typeProperties).find((key) => Object.hasOwn(beside, key));
    if (collision) throw new QtError("QT1102", { file: this.file, path, key: collision });
    return { ...this.fields(beside, rest, path, type), ...this.fields(inside, typeProperties, inner, type) };
  }

  private fields(fields: Fields, value: Json, path: string, type: string): Json {
    const kept = pick(value, (key) => ownMember(fields, key)?.is !== "dropped");
    return mapValues(kept, (item, key) => {
      const field = ownMember(fields, key);
      return field ? this.field(field, item, `${path}.${key}`) : this.unknown(`${path}.${key}`, type);
    });
  }

  private unknown(path: string, type: string): never {
    const cut = path.lastIndexOf(".");
    throw new QtError("QT1101", {
      file: this.file,
      path: path.slice(0, cut),
      key: path.slice(cut + 1),
      type,
    });
  }

  private malformed(path: string, reason: string): QtError {
    return new QtError("QT1107", { file: this.file, reason: `${path}: ${reason}` });
  }
}

function unhoistField(field: Field, value: unknown): unknown {
  if (field.is === "list")
    return Array.isArray(value) ? value.map((item) => unhoistField(field.of, item)) : value;
  if (!isJsonObject(value)) return value;
  if (field.is === "map") return mapValues(value, (item) => unhoistField(field.of, item));
  if (field.is === "part") return unhoistFields(partOf(field.part), value);
  const shape = field.is === "oneOf" && shapeOf(field.family, String(value.type));
  if (!shape) return value;
  if (!isTyped(field.family)) return unhoistFields(shape as Fields, value);
  const { beside, inside } = shape as TypedShape;
  const isInside = (key: string) => Object.hasOwn(inside, key) && !Object.hasOwn(beside, key);
  return {
    ...unhoistFields(
      beside,
      pick(value, (key) => !isInside(key)),
    ),
    typeProperties: unhoistFields(inside, pick(value, isInside)),
  };
}

function unhoistFields(fields: Fields, value: Json): Json {
  return mapValues(value, (item, key) => unhoistField(ownMember(fields, key) ?? { is: "verbatim" }, item));
}

function partOf(name: string): Fields {
  return (parts as Readonly<Record<string, Fields>>)[name] ?? {};
}

function mapValues(value: Json, change: (item: unknown, key: string) => unknown): Json {
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, change(item, key)]));
}

function pick(value: Json, wanted: (key: string) => boolean): Json {
  return Object.fromEntries(Object.entries(value).filter(([key]) => wanted(key)));
}
