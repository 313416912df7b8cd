/** The parts of an ARM id. */
export interface ResourceId {
  readonly id: string;
  /** `Microsoft.Web/sites/config`; `Microsoft.Resources/resourceGroups` for a group. */
  readonly type: string;
  readonly name: string;
  /** The resource, group or subscription that it belongs to; for an extension resource, its target. */
  readonly parent: string;
}

const GROUP = /^\/subscriptions\/[^/]+\/resourceGroups\/([^/]+)$/i;

/**
 * Reads an ARM id. Extension resources (`{scope}/providers/Microsoft.Authorization/roleAssignments/{guid}`) belong to their scope.
 * @returns undefined if the text is not the id of a resource (a subscription, a collection, anything else).
 */
export function parseResourceId(id: string): ResourceId | undefined {
  const group = GROUP.exec(id);
  if (group?.[1] !== undefined) {
    return {
      id,
      type: "Microsoft.Resources/resourceGroups",
      name: group[1],
      parent: id.split("/").slice(0, 3).join("/"),
    };
  }
  const segments = id.split("/");
  const provider = segments.findLastIndex((segment) => segment.toLowerCase() === "providers");
  const [namespace, ...pairs] = segments.slice(provider + 1);
  if (provider < 1 || namespace === undefined || pairs.length < 2 || pairs.length % 2 === 1) return undefined;
  if (segments[0] !== "" || segments.slice(1).includes("")) return undefined;
  return {
    id,
    type: [namespace, ...pairs.filter((_, index) => index % 2 === 0)].join("/"),
    name: pairs.at(-1) ?? "",
    parent: segments.slice(0, pairs.length === 2 ? provider : -2).join("/"),
  };
}

/**
 * The parent of a resource: `…/servers/s/databases/d` → `…/servers/s`, `…/resourceGroups/rg/providers/N/t/x` →
 * `…/resourceGroups/rg`. A text that is not a resource id loses its last two segments.
 */
export function parentId(id: string): string {
  return parseResourceId(id)?.parent ?? id.split("/").slice(0, -2).join("/");
}

/** The resource group of an id, spelt as in the id; undefined above the level of groups. */
export function resourceGroupOf(id: string): string | undefined {
  return /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+/i.exec(id)?.[0];
}

/** True if the ids name the same resource. */
export function sameId(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

/** True if `id` is `ancestor` or lies below it. */
export function isAtOrUnder(id: string, ancestor: string): boolean {
  const lower = id.toLowerCase();
  const above = ancestor.toLowerCase();
  return lower === above || lower.startsWith(`${above}/`);
}
