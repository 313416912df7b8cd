import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { QtError } from "../errors/qt-error";
import { messageOf } from "../packages/kit/reason-of";
import { declaredGlobalParameters } from "./global-parameters";
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

/** The factory's own file. In Git mode Studio writes another one beside it for each factory that is connected, named as that factory. */
const FACTORY_FILE = "quantemplate.json";

const kinds: readonly StudioKind[] = ["linkedService", "dataset", "pipeline", "trigger"];

/**
 * Reads a folder in Studio's Git layout.
 * @throws QtError QT1101 to QT1107, QT1111
 */
export function readDefinitions(folder = join(projectRoot, "adf-definitions")): StudioDefinitions {
  const objects = kinds.flatMap((kind) =>
    jsonFiles(folder, kind).map((file) => readObject(folder, kind, file)),
  );
  if (!jsonFiles(folder, "factory").includes(FACTORY_FILE))
    throw new QtError("QT1104", { file: "The program", kind: "factory", name: "quantemplate" });
  const factory = {
    file: `adf-definitions/factory/${FACTORY_FILE}`,
    json: readJson(folder, "factory", FACTORY_FILE),
  };
  requireDeclared(objects, factory);
  return { factory, objects: inOrder(objects) };
}

/** A global parameter that somebody added in Studio is in the file of the factory that is connected there, not in ours. */
function requireDeclared(objects: readonly StudioObject[], factory: StudioDefinitions["factory"]): void {
  // Data Factory ignores the case of names.
  const declared = new Set(
    Object.keys(declaredGlobalParameters(factory.json)).map((name) => name.toLowerCase()),
  );
  for (const object of objects) {
    const used = JSON.stringify(object.properties).matchAll(/globalParameters\??\.(\w+)/g);
    const names = [...new Set([...used].flatMap(([, name]) => name ?? []))].filter(
      (name) => !declared.has(name.toLowerCase()),
    );
    if (names.length > 0)
      throw new QtError("QT1111", {
        file: `adf-definitions/${keyOf(object)}.json`,
        names: names.join(", "),
        factory: factory.file,
      });
  }
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
