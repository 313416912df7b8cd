import { isDeepStrictEqual } from "node:util";
import { stableGuid } from "../../kit/stable-guid";
import type { Principal } from "./identity";
import type { ArmResource, SystemData } from "./resource";

/** Gives a changed resource the times of its creation and of this change, which is later than each change before. */
export function createStamp(now: () => number = Date.now) {
  let last = 0;
  return (resource: ArmResource, before: ArmResource | undefined): ArmResource => {
    last = Math.max(now(), last + 1);
    const changed = new Date(last).toISOString();
    const createdAt = before?.systemData?.createdAt ?? changed;
    return { ...resource, systemData: { ...resource.systemData, createdAt, lastModifiedAt: changed } };
  };
}

/** `systemData` after a change by a principal; the store sets the times. */
export function changedBy(principal: Principal, before: SystemData | undefined): SystemData {
  const by = principal.clientId;
  const byType = principal.kind === "ManagedIdentity" ? "ManagedIdentity" : "Application";
  return {
    createdBy: by,
    createdByType: byType,
    ...before,
    lastModifiedBy: by,
    lastModifiedByType: byType,
  };
}

/** True if the resources differ in nothing but who changed them and when. */
export function sameContent(a: ArmResource | undefined, b: ArmResource): boolean {
  if (a === undefined) return false;
  const { systemData: _a, ...first } = a;
  const { systemData: _b, ...second } = b;
  return isDeepStrictEqual(first, second);
}

/** The resource's entity tag without quotes: another one after each change, also of values that no answer shows. */
export function etagOf({ id, systemData }: ArmResource): string {
  return stableGuid(`etag ${id.toLowerCase()} ${systemData?.createdAt} ${systemData?.lastModifiedAt}`);
}
