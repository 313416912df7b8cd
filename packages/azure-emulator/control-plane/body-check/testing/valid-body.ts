import type { ObjectShape, Shape, StringShape } from "../../../../azure-resource-types";
import { isJsonObject, type JsonObject } from "../../../../kit/json-object";
import type { Random } from "./random";

/** Deeper objects get their required members only. */
const DEPTH = 6;

/**
 * A body that the shape takes: `base` with more members. `leaves` names the paths at which nothing is added, because a service
 * decides more there than the shape does.
 */
export function validBody(
  shape: ObjectShape,
  base: JsonObject,
  leaves: readonly string[],
  random: Random,
): JsonObject {
  const isLeft = (path: string) => leaves.some((leaf) => path === leaf || path.startsWith(`${leaf}.`));

  const grown = (object: ObjectShape, value: JsonObject, path: string, depth: number): JsonObject => {
    if (isLeft(path)) return value;
    const key = object.variants?.key;
    const of = object.variants?.of ?? {};
    const chosen = key === undefined ? undefined : (value[key] ?? random.pick(variantsOf(of)));
    const variant = chosen === undefined ? undefined : of[String(chosen)];
    const members = { ...object.properties, ...(variant?.kind === "object" ? variant.properties : {}) };
    const result: Record<string, unknown> = { ...value };
    if (key !== undefined && key !== "name") result[key] = chosen;
    for (const [name, member] of Object.entries(members)) {
      const below = path === "" ? name : `${path}.${name}`;
      if (member.readOnly || isLeft(below)) continue;
      const given = value[name];
      if (given !== undefined) {
        if (member.kind === "object" && isJsonObject(given))
          result[name] = grown(member, given, below, depth + 1);
      } else if (member.required || (depth < DEPTH && random.chance(0.4))) {
        result[name] = made(member, below, depth + 1);
      }
    }
    if (object.others && Object.keys(members).length === 0 && depth < DEPTH)
      for (let count = random.int(3); count > 0; count--)
        result[`key${count}`] ??= made(object.others, `${path}.key${count}`, depth + 1);
    return result;
  };

  const made = (member: Shape, path: string, depth: number): unknown => {
    switch (member.kind) {
      case "any":
        return random.pick(["text", 1, true, { a: [1] }]);
      case "bool":
        return random.chance(0.5);
      case "number":
        return (member.min ?? 1) + random.int(Math.min(5, (member.max ?? 10) - (member.min ?? 1) + 1));
      case "string":
        return textOf(member, random);
      case "array": {
        if (member.items.kind === "recursive") return [];
        const least = member.minLength ?? 0;
        const count = Math.min(least + random.int(3), member.maxLength ?? 3);
        return Array.from({ length: count }, (_, index) =>
          made(member.items, `${path}[${index}]`, depth + 1),
        );
      }
      case "object":
        return grown(member, {}, path, depth);
      case "oneOf":
        return made(random.pick(member.oneOf), path, depth);
      case "recursive":
        throw new Error(`${path}: a base body must have what refers to itself.`);
    }
  };

  return grown(shape, base, "", 0);
}

/** Variants of which something is known, or all if there is none. */
function variantsOf(of: Readonly<Record<string, Shape>>): string[] {
  const known = Object.keys(of).filter((name) => of[name]?.kind === "object");
  return known.length > 0 ? known : Object.keys(of);
}

const PATTERNS: readonly (readonly [RegExp, string])[] = [
  [/\{8\}-/, "11111111-2222-4333-8444-555555555555"],
  [/\\d\\d/, "-10:00:00"],
];

function textOf(
  { enum: values, openEnum, minLength = 0, maxLength, pattern }: StringShape,
  random: Random,
): string {
  if (values ?? openEnum) return random.pick(values ?? openEnum ?? []);
  if (pattern !== undefined) {
    const found = PATTERNS.find(([known]) => known.test(pattern));
    if (found === undefined) throw new Error(`No text is known for the pattern ${pattern}.`);
    return new RegExp(pattern).test(found[1]) ? found[1] : found[1].replace("-", "");
  }
  const text = random.pick(["value", "é", "a b", ""]);
  return text.padEnd(minLength, "x").slice(0, maxLength);
}
