import * as authorization from "@pulumi/azure-native/authorization";
import * as pulumi from "@pulumi/pulumi";
import { stableGuid } from "../naming";
import { Step } from "../steps/step";
import { onlyTheProgramsRoles } from "./only-the-programs-roles";
import { type RoleName, readRole, roleNames } from "./role-files";

/** The object ids that have each role, and the ids of the roles that they may not do without. */
type Holders = Readonly<Partial<Record<RoleName, readonly string[]>>>;

/**
 * Makes the custom roles at a scope, and gives them to whom the stack's settings name:
 * `quantemplate-roles:scope`, the id of a subscription or group (default: the subscription), `quantemplate-roles:holders`, lists of object
 * ids by role, and `quantemplate-roles:pipelineStarterRole`, the GUID of the one role besides built-in ones that the role assigner may assign.
 * Returns the roles' ids.
 */
export async function deployRoles(): Promise<Readonly<Record<string, pulumi.Output<string>>>> {
  const config = new pulumi.Config("quantemplate-roles");
  const holders = config.getObject<Holders>("holders") ?? {};
  refuseUnknown(holders);
  const scope = config.get("scope") ?? (await ownSubscription());
  const starter = config.get("pipelineStarterRole");
  const made = roleNames.map((name) => [name, defineRole(name, scope)] as const);
  for (const [name, role] of made) {
    const ids = holders[name] ?? [];
    if (ids.length === 0) continue;
    const known = new Step(`${name}-known`, "known-role", { roleDefinitionId: role.id, scope });
    for (const principalId of ids)
      assignRole(name, role, known, principalId, {
        scope,
        ...(name === "role-assigner" && starter !== undefined && onlyTheProgramsRoles(starter)),
      });
  }
  return Object.fromEntries(made.map(([name, role]) => [name, role.id]));
}

async function ownSubscription(): Promise<string> {
  return `/subscriptions/${(await authorization.getClientConfig()).subscriptionId}`;
}

function refuseUnknown(holders: Holders): void {
  const unknown = Object.keys(holders).filter((name) => !roleNames.some((known) => known === name));
  if (unknown.length > 0)
    throw new pulumi.RunError(
      `quantemplate-roles:holders names ${unknown.join(", ")}; the roles are ${roleNames.join(", ")}.`,
    );
}

/** Its id derives from name and scope, so that a role made again is the same. A directory has each display name once. */
function defineRole(name: RoleName, scope: string): authorization.RoleDefinition {
  const { Name, Description, Actions, DataActions } = readRole(name);
  return new authorization.RoleDefinition(name, {
    scope,
    roleDefinitionId: stableGuid("role", name, scope.toLowerCase()),
    roleName: Name,
    roleType: "CustomRole",
    description: Description,
    permissions: [
      { actions: [...Actions], notActions: [], dataActions: [...DataActions], notDataActions: [] },
    ],
    assignableScopes: [scope],
  });
}

function assignRole(
  name: RoleName,
  role: authorization.RoleDefinition,
  known: pulumi.Resource,
  principalId: string,
  where: { readonly scope: string; readonly condition?: string; readonly conditionVersion?: string },
): void {
  const { scope } = where;
  const roleAssignmentName = stableGuid("assignment", name, principalId, scope.toLowerCase());
  new authorization.RoleAssignment(
    `${name}-${principalId}`,
    { ...where, roleAssignmentName, roleDefinitionId: role.id, principalId },
    { dependsOn: [known] },
  );
}
