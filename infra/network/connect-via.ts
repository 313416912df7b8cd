import type { StudioObject } from "../studio-files";
import type { Json } from "../studio-json";

/** Lets an object connect through an integration runtime: a linked service, or the Web activities of a pipeline. */
export function connectedVia(object: StudioObject, runtime: string): StudioObject {
  const reference = { referenceName: runtime, type: "IntegrationRuntimeReference" };
  const { kind, properties } = object;
  if (kind === "linkedService") return { ...object, properties: { ...properties, connectVia: reference } };
  if (kind !== "pipeline") return object;
  return { ...object, properties: withRuntime(properties, reference) as Json };
}

/** Web activities at every depth: a loop has some within. */
function withRuntime(value: unknown, reference: object): unknown {
  if (Array.isArray(value)) return value.map((item) => withRuntime(item, reference));
  if (typeof value !== "object" || value === null) return value;
  const members = Object.entries(value).map(([name, member]) => [name, withRuntime(member, reference)]);
  const changed = Object.fromEntries(members) as Json;
  return changed.type === "WebActivity" ? { ...changed, connectVia: reference } : changed;
}
