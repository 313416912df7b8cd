import type { ResourceTypeCatalogue, ResourceTypeDescriptor } from "../../azure-resource-types";
import { customRoleId, isCustomRole } from "./custom-roles";
import type { ResourceType } from "./local-service";
import type { ArmResource } from "./resource";
import { withPeople } from "./role-lists";
import { etagOf } from "./system-data";
import { withoutPaths } from "./without-paths";

/**
 * A stored resource as Resource Manager answers it: without what is write-only or the service's own, and with its entity tag and
 * `systemData` if Azure shows them for the type.
 */
export function viewOf(
  resource: ArmResource,
  types: Pick<ResourceTypeCatalogue, "byType">,
  served: ResourceType | undefined,
): ArmResource {
  const { writeOnly = [], etag, systemData: shown, times } = types.byType(resource.type) ?? {};
  const { systemData, ...rest } = resource;
  const view = withoutPaths(rest, [...writeOnly, ...(served?.internal ?? [])]);
  const properties = /^Microsoft\.Authorization\/role/i.test(resource.type)
    ? withPeople({ ...view, ...(systemData && { systemData }) }).properties
    : (served?.shown?.(view.properties) ?? view.properties);
  return {
    ...view,
    ...(isCustomRole(resource) && { id: customRoleId(resource) }),
    properties: { ...timesOf(resource, times), ...properties },
    ...(etag !== undefined && { [etag]: etagOf(resource) }),
    ...(shown === true && systemData !== undefined && { systemData }),
  };
}

function timesOf(
  { systemData }: ArmResource,
  { created, changed }: NonNullable<ResourceTypeDescriptor["times"]> = {},
): Record<string, unknown> {
  const { createdAt, lastModifiedAt } = systemData ?? {};
  return {
    ...(created !== undefined && createdAt !== undefined && { [created]: createdAt }),
    ...(changed !== undefined && lastModifiedAt !== undefined && { [changed]: lastModifiedAt }),
  };
}
