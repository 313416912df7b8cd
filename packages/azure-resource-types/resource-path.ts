import type { ResourceTypeDescriptor, TokenDescriptor } from "./descriptor";

type Located = Pick<TokenDescriptor, "path">;

/** The inputs that are parts of the id, in the order of the path. */
export function pathInputs(located: Located): string[] {
  return [...fullPath(located).matchAll(/\{(\w+)\}/g)]
    .map(([, name = ""]) => name)
    .filter((name) => name !== "subscriptionId");
}

/** The input that is the resource's own name, if the program chooses one (`appsettings` has none). */
export function nameInput({ path }: Located): string | undefined {
  return /\{(\w+)\}$/.exec(path)?.[1];
}

/**
 * The resource's id, in the program's spelling.
 * @returns undefined if a part is missing or not a text.
 */
export function resourceId(
  located: Located,
  inputs: Readonly<Record<string, unknown>>,
  subscriptionId: string,
): string | undefined {
  if (pathInputs(located).some((name) => typeof inputs[name] !== "string")) return undefined;
  const id = fullPath(located).replace(/\{(\w+)\}/g, (_, name: string) =>
    name === "subscriptionId" ? subscriptionId : String(inputs[name]),
  );
  return `/${id.split("/").filter(Boolean).join("/")}`;
}

function fullPath({ path }: Located): string {
  if (/^[/{]/.test(path)) return path;
  return `/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/${path}`;
}

/** True if it belongs to a resource, group or subscription of any kind: a role assignment, a diagnostic setting. */
export function isExtension({ tokens }: Pick<ResourceTypeDescriptor, "tokens">): boolean {
  return Object.values(tokens).some((path) => path.startsWith("{"));
}

/** True if Resource Manager itself knows the resource, and lists it under `…/resources`: it has a region, or no parent but its group. */
export function isTracked(described: Pick<ResourceTypeDescriptor, "type" | "tokens" | "location">): boolean {
  if (isExtension(described) || described.type === "Microsoft.Resources/resourceGroups") return false;
  return described.location === true || described.type.split("/").length === 2;
}
