import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { withLaterMembers } from "./later-members";
import type { TypeShape } from "./shape";
import { type TypeShapeJson, typeShapeFromJson } from "./shape-json";

/** One file for each type: `Microsoft.Sql/servers.databases.json`. */
export const SHAPES_FOLDER = join(__dirname, "..", "shapes");

/** The file of a type's shape, below {@link SHAPES_FOLDER}. */
export function shapeFile(type: string): string {
  const [namespace = "", ...path] = type.split("/");
  return join(namespace, `${path.join(".")}.json`);
}

/** Every type with a shape, in the order of their names. */
export function typesWithShape(): string[] {
  return readdirSync(SHAPES_FOLDER, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name }) =>
      readdirSync(join(SHAPES_FOLDER, name)).map(
        (file) => `${name}/${file.replace(/\.json$/, "").replaceAll(".", "/")}`,
      ),
    )
    .sort();
}

const shapes = new Map<string, TypeShape | undefined>();
let names: ReadonlyMap<string, string> | undefined;

/**
 * The shape of a type, read from its file when it is first asked for.
 * @param type Resource Manager's name, in any case
 * @returns undefined if the type has no file.
 */
export function shapeOf(type: string): TypeShape | undefined {
  const key = type.toLowerCase();
  if (!shapes.has(key)) {
    names ??= new Map(typesWithShape().map((name) => [name.toLowerCase(), name]));
    const name = names.get(key);
    shapes.set(key, name === undefined ? undefined : readShape(name));
  }
  return shapes.get(key);
}

function readShape(type: string): TypeShape {
  const text = readFileSync(join(SHAPES_FOLDER, shapeFile(type)), "utf8");
  const shape = typeShapeFromJson(JSON.parse(text) as TypeShapeJson);
  return { ...shape, body: withLaterMembers(shape.type, shape.body) };
}
