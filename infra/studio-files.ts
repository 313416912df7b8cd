import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { QtError } from "../errors/qt-error";
import { messageOf } from "../packages/kit/reason-of";
import { projectRoot } from "./project-text";
import { hoist, type Json, references, type StudioKind, type StudioReference } from "./studio-json";

/** A Data Factory object of `adf-definitions/`, ready for azure-native. */
export interface StudioObject {
  readonly kind: StudioKind;
  readonly name: string;
  /** In azure-native's form, see {@link hoist}. */
  readonly properties: Json;
  readonly references: readonly StudioReference[];
}

/** All objects that Studio wrote. */
export interface StudioDefinitions {
  /** The factory's own JSON and its file. */
  readonly factory: { readonly file: string; readonly json: Json };
  /** Sorted so that each object follows those it refers to. */
  readonly objects: readonly StudioObject[];
}

const kinds: readonly StudioKind[] = ["linkedService", "dataset", "pipeline", "trigger"];

/**
 * Reads a folder in Studio's Git layout.
 * @throws QtError QT1101 to QT1107
 */
export function readDefinitions(folder = join(projectRoot, "adf-definitions")): StudioDefinitions {
  const objects = kinds.flatMap((kind) =>
    jsonFiles(folder, kind).map((file) => readObject(folder, kind, file)),
  );
  const [factory] = jsonFiles(folder, "factory");
  if (!factory) throw new QtError("QT1104", { file: "The program", kind: "factory", name: "quantemplate" });
  return {
    factory: { file: `adf-definitions/factory/${factory}`, json: readJson(folder, "factory", factory) },
    objects: inOrder(objects),
  };
}

function jsonFiles(folder: string, kind: string): string[] {
  return readdirSync(join(folder, kind))
    .filter((file) => file.endsWith(".json"))
    .sort();
}

function readObject(folder: string, kind: StudioKind, file: string): StudioObject {
  const path = `adf-definitions/${kind}/${file}`;
  const { name, properties } = readJson(folder, kind, file);
  if (typeof name !== "string" || typeof properties !== "object" || properties === null) {
    throw new QtError("QT1107", { file: path, reason: "`name` and `properties` are expected" });
  }
  const hoisted = hoist(kind, properties as Json, path);
  return { kind, name, properties: hoisted, references: references(hoisted) };
}

function readJson(folder: string, kind: string, file: string): Json {
  try {
    return JSON.parse(readFileSync(join(folder, kind, file), "utf8")) as Json;
  } catch (error) {
    const reason = messageOf(error);
    throw new QtError("QT1107", { file: `adf-definitions/${kind}/${file}`, reason }, { cause: error });
  }
}

/**
 * Sorts so that each object follows those it refers to; otherwise keeps the order.
 * @throws QtError QT1104 for a reference to a missing object, QT1105 for a circle.
 */
export function inOrder(objects: readonly StudioObject[]): StudioObject[] {
  const byKey = new Map(objects.map((object) => [keyOf(object), object]));
  const done = new Set<string>();
  const sorted: StudioObject[] = [];
  const visit = (object: StudioObject, path: readonly string[]): void => {
    const key = keyOf(object);
    if (done.has(key)) return;
    if (path.includes(key)) {
      throw new QtError("QT1105", { cycle: [...path.slice(path.indexOf(key)), key].join(" → ") });
    }
    for (const reference of object.references) {
      const target = byKey.get(keyOf(reference));
      if (!target) throw new QtError("QT1104", { file: `adf-definitions/${key}.json`, ...reference });
      visit(target, [...path, key]);
    }
    done.add(key);
    sorted.push(object);
  };
  for (const object of objects) visit(object, []);
  return sorted;
}

/** For example `pipeline/QT_fetch_data`. */
export function keyOf({ kind, name }: StudioReference): string {
  return `${kind}/${name}`;
}
