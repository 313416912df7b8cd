import { stableGuid } from "../kit/stable-guid";
import type { DryRunResource, ResourceTypeDescriptor } from "./descriptor";

/** What a dry run has in place of what Azure fills in below `properties`. */
export function dryRunProperties(
  { filledIn = {} }: Pick<ResourceTypeDescriptor, "filledIn">,
  resource: DryRunResource,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(filledIn).flatMap(([name, value]) =>
      value === "unknown" ? [] : [[name, value(resource)]],
    ),
  );
}

/** Object id of the identity that a resource has or is, in a dry run. */
export function dryRunPrincipalId(resourceId: string): string {
  return stableGuid(`principal ${resourceId}`);
}

/** Client id of the identity that a resource has or is, in a dry run. */
export function dryRunClientId(resourceId: string): string {
  return stableGuid(`client ${resourceId}`);
}
