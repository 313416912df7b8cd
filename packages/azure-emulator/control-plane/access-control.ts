import { ArmError } from "./arm-error";
import { builtInRoles, type RoleDefinition, type RolePermissions } from "./built-in-roles";
import type { AccessControl, Principal } from "./identity";
import type { ResourceStore } from "./resource";
import { isAtOrUnder, parentId, sameId } from "./resource-id";

const ASSIGNMENTS = "Microsoft.Authorization/roleAssignments";
const DEFINITIONS = "Microsoft.Authorization/roleDefinitions";

/**
 * Role assignments, read from the store for every check, so a removed role stops working at once (Azure takes minutes).
 * The deployer is Owner of the subscription; as in Azure, that grants no data action.
 */
export function createAccessControl(options: {
  readonly resources: ResourceStore;
  /** The ids of the groups that a principal is a member of. */
  readonly groupsOf?: (objectId: string) => ReadonlySet<string>;
  readonly subscriptionId: string;
  readonly deployerObjectId: string;
}): AccessControl {
  const { resources, deployerObjectId, groupsOf = () => new Set() } = options;
  const owner = findRole(resources, builtInRoles[0]?.id ?? "");
  const subscription = `/subscriptions/${options.subscriptionId}`;

  /** Those of the principal itself and of its groups. */
  const assignmentsOf = ({ objectId }: Principal) => {
    const groups = groupsOf(objectId);
    return resources
      .list({ type: ASSIGNMENTS })
      .filter(
        ({ properties: { principalId } }) => principalId === objectId || groups.has(String(principalId)),
      );
  };

  const rolesOf = (principal: Principal, scope: string): RoleDefinition[] => {
    const roles = assignmentsOf(principal)
      .filter((assignment) => isAtOrUnder(scope, parentId(assignment.id)))
      .map(({ properties }) => findRole(resources, String(properties.roleDefinitionId)));
    if (principal.objectId === deployerObjectId && isAtOrUnder(scope, subscription)) roles.push(owner);
    return roles.filter((role) => role !== undefined);
  };

  return {
    known(principal) {
      if (principal.objectId === deployerObjectId) return true;
      return assignmentsOf(principal).length > 0;
    },
    allows(principal, action, scope) {
      return rolesOf(principal, scope).some((role) => allows(role, action, "action"));
    },
    require(principal, action, scope, kind = "action") {
      if (rolesOf(principal, scope).some((role) => allows(role, action, kind))) return;
      throw new ArmError(
        403,
        "AuthorizationFailed",
        `The client '${principal.displayName}' with object id '${principal.objectId}' does not have authorization to perform ` +
          `${kind === "action" ? "action" : "data action"} '${action}' over scope '${scope}' or the scope is invalid. ` +
          "A role assignment that grants it is missing.",
      );
    },
  };
}

/** True if the role grants the action and does not exclude it (`notActions`). */
export function allows(role: RolePermissions, action: string, kind: "action" | "dataAction"): boolean {
  const [granted, excepted] =
    kind === "action" ? [role.actions, role.notActions] : [role.dataActions, role.notDataActions];
  const matches = (pattern: string) => matchesAction(pattern, action);
  return granted.some(matches) && !excepted.some(matches);
}

/** Azure's matching: `*` is any text, case does not matter. */
export function matchesAction(pattern: string, action: string): boolean {
  const source = pattern
    .split("*")
    .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"))
    .join(".*");
  return new RegExp(`^${source}$`, "i").test(action);
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
