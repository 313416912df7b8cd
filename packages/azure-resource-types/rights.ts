import type { LinkedRight, ResourceTypeDescriptor } from "./descriptor";

/** The action of a plain operation, as roles name it (https://learn.microsoft.com/azure/role-based-access-control/permissions). */
export function actionOf(type: string, verb: "read" | "write" | "delete"): string {
  const group = /^Microsoft\.Resources\/resourceGroups$/i.test(type);
  return `${group ? "Microsoft.Resources/subscriptions/resourceGroups" : type}/${verb}`;
}

/**
 * The action of a poll at one segment of an operation's address, which needs a right at the resource's group, or above it
 * (https://learn.microsoft.com/azure/azure-resource-manager/management/async-operations#permission-for-tracking-async-status).
 */
export function pollAction(type: string, segment: string): string {
  const [namespace = ""] = type.split("/");
  return namespace === "Microsoft.Resources"
    ? `Microsoft.Resources/subscriptions/${segment}/read`
    : `${namespace}/locations/${segment}/read`;
}

/** What a client needs that waits for an operation: it asks for the status, or for the result if that has no address. */
export function waitAction({
  type,
  operations,
}: Pick<ResourceTypeDescriptor, "type" | "operations">): string | undefined {
  return operations && pollAction(type, operations.statuses ?? operations.results);
}

/** Whoever gives an identity to a resource, of any type, needs this right at the identity. */
export const identityLink: LinkedRight = {
  path: "identity.userAssignedIdentities",
  action: "Microsoft.ManagedIdentity/userAssignedIdentities/assign/action",
};

/** The rights that azure-native needs for a type, and by what. */
export interface TypeRights {
  /** A refresh, the look before a creation, and that after each change. */
  readonly read: readonly string[];
  /** A creation and a change, besides the reads. */
  readonly write: readonly string[];
  /** A deletion, besides the reads. */
  readonly delete: readonly string[];
}

/**
 * The rights that azure-native needs for a type: a GET, or a POST that lists, before a creation, after each change and in a refresh; PUT,
 * DELETE, and their polls (github.com/pulumi/pulumi-azure-native, provider/pkg/provider/provider.go `Read`, `Update`, `Delete`, and
 * provider/pkg/azure/client_azcore.go `CanCreate`, `Put`, `Delete`).
 */
export function rightsOf(described: ResourceTypeDescriptor): TypeRights {
  const { type, putStatus, linked = [], readsInto = {}, polls = [] } = described;
  const wait = [waitAction(described)].filter((action) => action !== undefined);
  const children = Object.values(readsInto).map((child) => `${type}/${child.split("/")[0]}/read`);
  const isDeleted = !described.neverDeleted && described.deletedByData === undefined;
  return {
    read: [described.readByList ? `${type}/list/action` : actionOf(type, "read"), ...children],
    write: [
      actionOf(type, "write"),
      ...(putStatus?.created === 202 ? wait : []),
      ...linked.map(({ action }) => action),
      ...polls,
    ],
    delete: isDeleted ? [actionOf(type, "delete"), ...(described.deletedLater ? wait : []), ...polls] : [],
  };
}

/** How a role's actions grant: `*` is any text, also across slashes, and case does not matter. */
export function matchesAction(pattern: string, action: string): boolean {
  const source = pattern
    .split("*")
    .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"))
    .join(".*");
  return new RegExp(`^${source}$`, "i").test(action);
}

/** What a role, or one permission of it, grants and excepts. */
export interface Grant {
  readonly actions?: readonly string[];
  readonly notActions?: readonly string[];
}

/** True if it grants the action and does not except it. */
export function grantsAction({ actions = [], notActions = [] }: Grant, action: string): boolean {
  const matches = (pattern: string) => matchesAction(pattern, action);
  return actions.some(matches) && !notActions.some(matches);
}
