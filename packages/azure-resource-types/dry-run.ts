import { stableGuid } from "../kit/stable-guid";
import type { DryRunResource, ResourceTypeDescriptor } from "./descriptor";

/** The dry run's values for the members of `properties` that Azure fills in. */
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

/** The dry run's object id of the identity that a resource has or is. */
export function dryRunPrincipalId(resourceId: string): string {
  return stableGuid(`principal ${resourceId}`);
}

/** The dry run's client id of the identity that a resource has or is. */
export function dryRunClientId(resourceId: string): string {
  return stableGuid(`client ${resourceId}`);
}
