import { stableGuid } from "../../kit/stable-guid";
import { builtInRoles, type RoleDefinition } from "./built-in-roles";
import { customRoleId } from "./custom-roles";
import type { Principal } from "./identity";
import type { ControlPlane, LocalContext } from "./local-service";
import type { Filterable } from "./odata/evaluate";
import { filtered, PAGING, type Query, requireOptions } from "./odata/list-query";
import type { ArmResource } from "./resource";
import { isAtOrUnder, parentId, type ResourceId, sameId } from "./resource-id";

const ASSIGNMENTS = "Microsoft.Authorization/roleAssignments";
const DEFINITIONS = "Microsoft.Authorization/roleDefinitions";

/**
 * Role definitions and assignments at a scope, with Azure's own filters: those of the scopes above it count, and unless the filter
 * says `atScope()` also those below (learn.microsoft.com/azure/role-based-access-control/role-assignments-list-rest and
 * role-definitions-list).
 * @returns undefined if the collection is another one. @throws ArmError 400, 403
 */
export function listRoles(
  context: LocalContext,
  { types }: Pick<ControlPlane, "types">,
  { type, parent }: Pick<ResourceId, "type" | "parent">,
  { query, principal }: { readonly query: Query; readonly principal: Principal },
): readonly ArmResource[] | undefined {
  const listed = [ASSIGNMENTS, DEFINITIONS].find((known) => sameId(known, type));
  if (listed === undefined) return undefined;
  context.access.require(principal, `${listed}/read`, parent);
  requireOptions(query, ["$filter", ...PAGING]);
  if (listed === DEFINITIONS) return filtered(definitionsAt(context, parent), query, definitionFilters);
  return filtered(assignmentsAt(context, parent), query, assignmentFilters(parent)).map((assignment) =>
    shown(assignment, types),
  );
}

/** A built-in role as a resource, as seen from a subscription. */
export function builtInRole(
  { subscriptionId }: Pick<LocalContext, "subscriptionId">,
  guid: string,
): ArmResource | undefined {
  const role = builtInRoles.find(({ id }) => sameId(id, guid));
  return role && definitionOf(subscriptionId, role);
}

function definitionOf(subscriptionId: string, role: RoleDefinition): ArmResource {
  const { id: name, roleName, actions, notActions, dataActions, notDataActions } = role;
  return {
    id: `/subscriptions/${subscriptionId}/providers/${DEFINITIONS}/${name}`,
    type: DEFINITIONS,
    name,
    properties: {
      roleName,
      type: "BuiltInRole",
      description: "",
      assignableScopes: ["/"],
      permissions: [{ actions, notActions, dataActions, notDataActions }],
      createdOn: BUILT_IN_SINCE,
      updatedOn: BUILT_IN_SINCE,
      createdBy: null,
      updatedBy: null,
    },
  };
}

/** When Azure's own roles were made, as Azure says of most of them. */
const BUILT_IN_SINCE = "2015-02-02T21:55:09.8806423Z";

/** The built-in roles, and the custom ones that can be assigned at the scope. */
function definitionsAt(context: LocalContext, scope: string): ArmResource[] {
  const custom = context.resources
    .list({ type: DEFINITIONS })
    .filter(({ properties }) =>
      ((properties.assignableScopes ?? []) as readonly string[]).some(
        (assignable) => isAtOrUnder(scope, assignable) || isAtOrUnder(assignable, scope),
      ),
    );
  return [
    ...builtInRoles.map((role) => definitionOf(context.subscriptionId, role)),
    ...custom.map((role) => ({ ...withPeople(role), id: customRoleId(role) })),
  ];
}

const definitionFilters: Filterable<ArmResource> = {
  properties: new Map([
    ["rolename", ({ properties }) => properties.roleName],
    ["type", ({ properties }) => properties.type],
  ]),
  calls: new Map([
    ["atscope", () => true],
    ["atscopeandbelow", () => true],
  ]),
};

/** Assignments at, above and below a scope, the deployer's own among them. */
function assignmentsAt(context: LocalContext, scope: string): ArmResource[] {
  const { subscriptionId, principals } = context;
  const subscription = `/subscriptions/${subscriptionId}`;
  const name = stableGuid(`assignment ${subscription} ${principals.deployer.objectId}`);
  const deployer: ArmResource = {
    id: `${subscription}/providers/${ASSIGNMENTS}/${name}`,
    type: ASSIGNMENTS,
    name,
    properties: {
      roleDefinitionId: `${subscription}/providers/${DEFINITIONS}/${builtInRoles[0]?.id}`,
      principalId: principals.deployer.objectId,
      principalType: "ServicePrincipal",
      scope: subscription,
    },
  };
  return [deployer, ...context.resources.list({ type: ASSIGNMENTS })].filter(({ id }) => {
    const at = parentId(id);
    return isAtOrUnder(at, scope) || isAtOrUnder(scope, at);
  });
}

function assignmentFilters(scope: string): Filterable<ArmResource> {
  const of = ({ properties }: ArmResource, principalId: unknown) =>
    sameId(String(properties.principalId), String(principalId));
  return {
    properties: new Map([
      ["principalid", ({ properties }) => properties.principalId],
      ["roledefinitionid", ({ properties }) => properties.roleDefinitionId],
    ]),
    calls: new Map<string, (assignment: ArmResource, ...given: readonly unknown[]) => boolean>([
      ["atscope", ({ id }) => isAtOrUnder(scope, parentId(id))],
      ["assignedto", (assignment, principalId) => of(assignment, principalId)],
    ]),
  };
}

function shown(resource: ArmResource, types: ControlPlane["types"]): ArmResource {
  const { systemData, ...rest } = withPeople(resource);
  return types.byType(resource.type)?.systemData === true && systemData !== undefined
    ? { ...rest, systemData }
    : rest;
}

/** Roles show who made and changed them among their properties. */
export function withPeople(resource: ArmResource): ArmResource {
  const { createdAt, createdBy, lastModifiedAt, lastModifiedBy } = resource.systemData ?? {};
  if (createdAt === undefined) return resource;
  const people = { createdOn: createdAt, updatedOn: lastModifiedAt, createdBy, updatedBy: lastModifiedBy };
  return { ...resource, properties: { ...resource.properties, ...people } };
}
