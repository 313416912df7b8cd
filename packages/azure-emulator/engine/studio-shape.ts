// The deployed program translates Studio's shape too. This second translation is independent on purpose, so that a mistake in
// the program's table shows.
import type { HoistedKind } from "../../azure-resource-types";
import { isJsonObject } from "../../kit/json-object";
import type { WireProperties } from "./wire-values";

/**
 * The members next to `typeProperties` in Studio's JSON; everything else is inside it (Microsoft.DataFactory 2018-06-01,
 * `x-ms-client-flatten` on `typeProperties`).
 */
const envelopes: Readonly<Record<Exclude<HoistedKind, "pipeline"> | "activity", ReadonlySet<string>>> = {
  linkedService: new Set(["type", "connectVia", "description", "version", "parameters", "annotations"]),
  dataset: new Set([
    "type",
    "description",
    "structure",
    "schema",
    "linkedServiceName",
    "parameters",
    "annotations",
    "folder",
  ]),
  trigger: new Set(["type", "description", "annotations", "runtimeState", "pipelines", "pipeline"]),
  integrationRuntime: new Set(["type", "description", "managedVirtualNetwork"]),
  activity: new Set([
    "type",
    "name",
    "description",
    "dependsOn",
    "userProperties",
    "policy",
    "linkedServiceName",
    "state",
    "onInactiveMarkAs",
  ]),
};

/** Activities whose datasets are next to `typeProperties`. */
const activitiesWithDatasets: ReadonlySet<unknown> = new Set(["Copy"]);

/**
 * azure-native's flattened form → Studio's: members outside the envelope move into `typeProperties`. A dataset without any has none:
 * azure-native makes a container for values only, and the specification does not require it of datasets
 * (https://github.com/pulumi/pulumi-azure-native, provider/pkg/convert/sdkInputsToRequestBody.go).
 */
export function toStudio(kind: HoistedKind, flat: WireProperties): Record<string, unknown> {
  if (kind === "pipeline") return withActivities(flat, activityToStudio);
  const { typeProperties, ...studio } = nest(flat, envelopes[kind]);
  return kind === "dataset" && isJsonObject(typeProperties) && Object.keys(typeProperties).length === 0
    ? studio
    : { ...studio, typeProperties };
}

/** Studio's form → azure-native's: the members of `typeProperties` move up. */
export function fromStudio(kind: HoistedKind, studio: WireProperties): Record<string, unknown> {
  if (kind === "pipeline") return withActivities(studio, activityFromStudio);
  return hoist(studio);
}

function activityToStudio(flat: WireProperties): Record<string, unknown> {
  const envelope = activitiesWithDatasets.has(flat.type)
    ? new Set([...envelopes.activity, "inputs", "outputs"])
    : envelopes.activity;
  return nest(withActivities(flat, activityToStudio), envelope);
}

function activityFromStudio(studio: WireProperties): Record<string, unknown> {
  return withActivities(hoist(studio), activityFromStudio);
}

function nest(flat: WireProperties, envelope: ReadonlySet<string>): Record<string, unknown> {
  const entries = Object.entries(flat);
  const outside = entries.filter(([key]) => envelope.has(key));
  const inside = entries.filter(([key]) => !envelope.has(key));
  return { ...Object.fromEntries(outside), typeProperties: Object.fromEntries(inside) };
}

function hoist(studio: WireProperties): Record<string, unknown> {
  const { typeProperties, ...envelope } = studio;
  return isJsonObject(typeProperties) ? { ...envelope, ...typeProperties } : envelope;
}

/** The properties that contain activities: of ForEach and Until, both branches of If, and the default of Switch. */
const activityLists = ["activities", "ifTrueActivities", "ifFalseActivities", "defaultActivities"] as const;

function withActivities(
  parent: WireProperties,
  change: (activity: WireProperties) => Record<string, unknown>,
): Record<string, unknown> {
  const result: Record<string, unknown> = { ...parent };
  for (const key of activityLists) {
    const list = result[key];
    if (Array.isArray(list)) result[key] = list.map((item) => (isJsonObject(item) ? change(item) : item));
  }
  if (Array.isArray(result.cases)) {
    result.cases = result.cases.map((item) => (isJsonObject(item) ? withActivities(item, change) : item));
  }
  return result;
}
