import { unhoist } from "../../../infra/studio-json";
import { azureResourceTypes, pathInputs } from "../../../packages/azure-resource-types";
import { isObject, type JsonObject, prettyJson } from "./json-value";

/** A Data Factory object in the form of Studio's file. */
export interface StudioFile {
  /** For example `adf-definitions/pipeline/QT_fetch_data.json`. */
  readonly file: string;
  /** JSON with sorted keys: the engine does not keep their order. */
  text(inputs: JsonObject): string;
  /** The inputs that are not in the file. */
  rest(inputs: JsonObject): JsonObject;
}

/** Undefined for a resource that is not an object of `adf-definitions/`. */
export function studioFile(type: string, name: string): StudioFile | undefined {
  const described = azureResourceTypes.byToken(type);
  if (described?.studio === undefined || described.studio === "integrationRuntime") return undefined;
  const { studio: kind } = described;
  // The object's location is not part of the file.
  const places = new Set(pathInputs(described));
  const isPlace = (key: string) => places.has(key);
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
