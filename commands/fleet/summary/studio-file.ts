import { type StudioKind, unhoist } from "../../../infra/studio-json";
import { isObject, type JsonObject, prettyJson } from "./json-value";

const kinds: Readonly<Record<string, StudioKind>> = {
  Pipeline: "pipeline",
  Dataset: "dataset",
  LinkedService: "linkedService",
  Trigger: "trigger",
};

/** Inputs that are not of the file: where the object lies. */
const places = new Set(["resourceGroupName", "factoryName"]);

/** A Data Factory object as Studio's file has it. */
export interface StudioFile {
  /** `adf-definitions/pipeline/QT_fetch_data.json`. */
  readonly file: string;
  /** JSON with sorted keys: the engine does not keep their order. */
  text(inputs: JsonObject): string;
  /** The inputs that the file does not tell. */
  rest(inputs: JsonObject): JsonObject;
}

/** Undefined for a resource that is no object of `adf-definitions/`. */
export function studioFile(type: string, name: string): StudioFile | undefined {
  const [, token] = /^azure-native:datafactory(?:\/v\w+)?:(\w+)$/.exec(type) ?? [];
  const kind = token === undefined ? undefined : kinds[token];
  if (kind === undefined) return undefined;
  const isPlace = (key: string) => places.has(key) || key === `${kind}Name`;
  const pick = (inputs: JsonObject, wanted: (key: string) => boolean) =>
    Object.fromEntries(Object.entries(inputs).filter(([key]) => wanted(key)));
  return {
    file: `adf-definitions/${kind}/${name}.json`,
    text(inputs) {
      const properties = kind === "pipeline" ? pick(inputs, (key) => !isPlace(key)) : inputs.properties;
      return prettyJson({ name, properties: isObject(properties) ? unhoist(kind, properties) : properties });
    },
    rest: (inputs) => pick(inputs, isPlace),
  };
}
