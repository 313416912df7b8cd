import { EmulatorError } from "../errors/emulator-error";
import { type ResourceMapping, resourceTypes } from "./resource-types";
import { isUnknown, type WireProperties } from "./wire-values";

/** @returns how the type lies in ARM. @throws EmulatorError QT7001 for a type that the stand-in does not take. */
export function mappingOf(token: string): ResourceMapping {
  const mapping = resourceTypes[unversioned(token)];
  if (!mapping) throw new EmulatorError("QT7001", { token });
  return mapping;
}

/** `azure-native:sql/v20230801:Database` → `azure-native:sql:Database`: every version means the same resource. */
export function unversioned(token: string): string {
  return token.replace(/\/v\d+(preview)?:/i, ":");
}

/** The inputs that the id is made of, in the order of the path. */
export function pathInputs(mapping: ResourceMapping): string[] {
  return [...fullPath(mapping).matchAll(/\{(\w+)\}/g)]
    .map(([, name = ""]) => name)
    .filter((name) => name !== "subscriptionId");
}

/** The input that is the resource's own name, where the program chooses one (`appsettings` has none). */
export function nameInput(mapping: ResourceMapping): string | undefined {
  return /\{(\w+)\}$/.exec(mapping.path)?.[1];
}

/**
 * The resource's id, spelled as the program spells its parts.
 * @returns undefined where a part is not known yet.
 */
export function resourceId(
  mapping: ResourceMapping,
  inputs: WireProperties,
  subscriptionId: string,
): string | undefined {
  const values = pathInputs(mapping).map((name) => inputs[name]);
  if (values.some((value) => isUnknown(value) || typeof value !== "string")) return undefined;
  const id = fullPath(mapping).replace(/\{(\w+)\}/g, (_, name: string) =>
    name === "subscriptionId" ? subscriptionId : String(inputs[name]),
  );
  return `/${id.split("/").filter(Boolean).join("/")}`;
}

/** `Microsoft.Sql/servers/databases`. */
export function armType(mapping: ResourceMapping): string {
  const [, path = ""] = /.*\/providers\/(.+)$/.exec(fullPath(mapping)) ?? [];
  if (path === "") return "Microsoft.Resources/resourceGroups";
  const [provider, ...rest] = path.split("/");
  return [provider, ...rest.filter((_, index) => index % 2 === 0)].join("/");
}

function fullPath(mapping: ResourceMapping): string {
  if (/^[/{]/.test(mapping.path)) return mapping.path;
  return `/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/${mapping.path}`;
}
