import { grantsAction } from "../../azure-resource-types";
import { ArmError } from "./arm-error";
import { type RequestFacts, readCondition } from "./assignment-condition";
import { builtInRoles, type RoleDefinition, type RolePermissions } from "./built-in-roles";
import type { AccessControl, NeededRight, Principal } from "./identity";
import type { ArmResource, ResourceStore } from "./resource";
import { isAtOrUnder, parentId, sameId } from "./resource-id";
import { followAssignments, type RoleDelay } from "./role-delay";

const ASSIGNMENTS = "Microsoft.Authorization/roleAssignments";
const DEFINITIONS = "Microsoft.Authorization/roleDefinitions";

/**
 * Role assignments, read from the store for every check, so a removed role stops working at once (Azure takes minutes); a new one
 * waits for {@link followAssignments}. The deployer is Owner of the subscription; as in Azure, that grants no data action.
 */
export function createAccessControl(options: {
  readonly resources: ResourceStore;
  /** The ids of the groups that a principal is a member of. */
  readonly groupsOf?: (objectId: string) => ReadonlySet<string>;
  readonly subscriptionId: string;
  readonly deployerObjectId: string;
  readonly roleDelay?: RoleDelay | undefined;
}): AccessControl {
  const { resources, deployerObjectId, groupsOf = () => new Set(), roleDelay = { refusals: 0 } } = options;
  const owner = findRole(resources, builtInRoles[0]?.id ?? "");
  const subscription = `/subscriptions/${options.subscriptionId}`;
  const listeners = new Set<(needed: NeededRight) => void>();
  const propagation = followAssignments(resources, roleDelay);

  /** Those of the principal itself and of its groups. */
  const assignmentsOf = ({ objectId }: Principal) => {
    const groups = groupsOf(objectId);
    return resources
      .list({ type: ASSIGNMENTS })
      .filter(
        ({ properties: { principalId } }) => principalId === objectId || groups.has(String(principalId)),
      );
  };
  const ownsAll = ({ objectId }: Principal, scope: string) =>
    objectId === deployerObjectId && isAtOrUnder(scope, subscription);
  /** The assignments that grant the action, those that do not act yet among them. */
  const grants = (
    principal: Principal,
    action: string,
    scope: string,
    kind: ActionKind,
    facts: RequestFacts = {},
  ): ArmResource[] =>
    assignmentsOf(principal)
      .filter((assignment) => isAtOrUnder(scope, parentId(assignment.id)))
      .filter(
        ({ properties: { condition } }) => !condition || readCondition(String(condition))(action, facts),
      )
      .filter(({ properties }) => {
        const role = findRole(resources, String(properties.roleDefinitionId));
        return role !== undefined && allows(role, action, kind);
      });
  const asOwner = (principal: Principal, action: string, scope: string, kind: ActionKind) =>
    owner !== undefined && ownsAll(principal, scope) && allows(owner, action, kind);

  return {
    known(principal) {
      if (principal.objectId === deployerObjectId) return true;
      return assignmentsOf(principal).length > 0;
    },
    allows(principal, action, scope) {
      if (asOwner(principal, action, scope, "action")) return true;
      return grants(principal, action, scope, "action").some(
        (assignment) => !propagation.pending(assignment),
      );
    },
    granted(principal, action, scope, kind = "action") {
      return asOwner(principal, action, scope, kind) || grants(principal, action, scope, kind).length > 0;
    },
    held(principal, scope) {
      const own = ownsAll(principal, scope) && owner !== undefined ? [owner] : [];
      const assigned = assignmentsOf(principal)
        .filter((assignment) => isAtOrUnder(scope, parentId(assignment.id)))
        .flatMap(({ properties }) => findRole(resources, String(properties.roleDefinitionId)) ?? []);
      return [...own, ...assigned].map(({ actions, notActions, dataActions, notDataActions }) => ({
        ...{ actions, notActions, dataActions, notDataActions },
      }));
    },
    observe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    require(principal, action, scope, kind = "action", facts = {}) {
      for (const listener of listeners) listener({ principal, action, scope, kind });
      if (asOwner(principal, action, scope, kind)) return;
      const granting = grants(principal, action, scope, kind, facts);
      if (granting.some((assignment) => !propagation.pending(assignment))) return;
      propagation.refused(granting);
      throw new ArmError(
        403,
        "AuthorizationFailed",
        `The client '${principal.displayName}' with object id '${principal.objectId}' does not have authorization to perform ` +
          `${kind === "action" ? "action" : "data action"} '${action}' over scope '${scope}' or the scope is invalid. ` +
          "If access was recently granted, please refresh your credentials.",
      );
    },
  };
}

type ActionKind = "action" | "dataAction";

/** True if the role grants the action and does not exclude it (`notActions`). */
export function allows(role: RolePermissions, action: string, kind: "action" | "dataAction"): boolean {
  if (kind === "action") return grantsAction(role, action);
  return grantsAction({ actions: role.dataActions, notActions: role.notDataActions }, action);
}

/** The built-in or custom role that a `roleDefinitionId` names; the GUID at its end decides. */
export function findRole(resources: ResourceStore, roleDefinitionId: string): RoleDefinition | undefined {
  const guid = roleDefinitionId.split("/").at(-1) ?? "";
  const builtIn = builtInRoles.find((role) => sameId(role.id, guid));
  if (builtIn !== undefined) return builtIn;
  const custom = resources.list({ type: DEFINITIONS }).find((definition) => sameId(definition.name, guid));
  if (custom === undefined) return undefined;
  const permissions = (custom.properties.permissions ?? []) as readonly Partial<RolePermissions>[];
  const all = (kind: keyof RolePermissions) => permissions.flatMap((permission) => permission[kind] ?? []);
  return {
    id: custom.name,
    roleName: String(custom.properties.roleName),
    actions: all("actions"),
    notActions: all("notActions"),
    dataActions: all("dataActions"),
    notDataActions: all("notDataActions"),
  };
}
