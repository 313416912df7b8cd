import * as z from "zod";

type AnySchema = z.core.$ZodType;

/** The inner schema, without default, optional wrapper and transforms. */
export function unwrapped(schema: AnySchema): AnySchema {
  if (hasDefault(schema) || schema instanceof z.ZodOptional) return unwrapped(schema.def.innerType);
  return schema instanceof z.ZodPipe ? unwrapped(schema.def.in) : schema;
}

/** True if a schema expects text, so that `123` is text too. */
export function takesText(schema: AnySchema): boolean {
  const inner = unwrapped(schema);
  if (inner instanceof z.ZodLiteral) return [...inner.values].every((value) => typeof value === "string");
  return ["string", "enum"].includes(inner._zod.def.type);
}

/** A schema's default as declared; undefined if it has none. */
export function defaultOf(schema: AnySchema): unknown {
  if (hasDefault(schema)) return schema.def.defaultValue;
  if (schema instanceof z.ZodOptional) return defaultOf(schema.def.innerType);
  return schema instanceof z.ZodPipe ? defaultOf(schema.def.in) : undefined;
}

/**
 * A value with the schema's defaults for missing members. Nothing is checked or rewritten, so another version of the program may have
 * written the value: unknown members are left out, null counts as absent, and if an object or a list is expected, anything else counts
 * as an empty one. A valid value comes out as the schema parses it, except for transforms.
 */
export function withDefaults<Schema extends AnySchema>(schema: Schema, value: unknown): z.output<Schema> {
  return filled(schema, value) as z.output<Schema>;
}

function filled(schema: AnySchema, value: unknown): unknown {
  const inner = unwrapped(schema);
  const given = hasFormOf(inner, value) ? value : defaultOf(schema);
  if (given === undefined && schema instanceof z.ZodOptional) return undefined;
  if (inner instanceof z.ZodArray) {
    return ((given ?? []) as unknown[]).map((item) => filled(inner.def.element, item));
  }
  const members = Object.entries(given ?? {}) as [string, unknown][];
  if (inner instanceof z.ZodRecord) {
    return Object.fromEntries(members.map(([name, member]) => [name, filled(inner.def.valueType, member)]));
  }
  if (!(inner instanceof z.ZodObject)) return given;
  const known = new Map(members);
  const entries = Object.entries(inner.def.shape as Record<string, AnySchema>)
    .map(([name, member]) => [name, filled(member, known.get(name))] as const)
    .filter(([, member]) => member !== undefined);
  return Object.fromEntries(entries);
}

function hasFormOf(inner: AnySchema, value: unknown): boolean {
  if (inner instanceof z.ZodArray) return Array.isArray(value);
  const isGiven = value !== undefined && value !== null;
  const wantsMembers = inner instanceof z.ZodObject || inner instanceof z.ZodRecord;
  return wantsMembers ? isGiven && typeof value === "object" && !Array.isArray(value) : isGiven;
}

function hasDefault(schema: AnySchema): schema is z.ZodDefault | z.ZodPrefault {
  return schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault;
}
