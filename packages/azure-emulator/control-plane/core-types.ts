import { actionOf } from "../../azure-resource-types";
import { EmulatorError } from "../errors/emulator-error";
import { findRole } from "./access-control";
import { ArmError, answerOf } from "./arm-error";
import { readCondition } from "./assignment-condition";
import type { FreshRoles } from "./fresh-roles";
import type { LocalContext, PutRequest, ResourceType } from "./local-service";
import { isAtOrUnder, parentId, sameId } from "./resource-id";

const ASSIGNMENTS = "Microsoft.Authorization/roleAssignments";
const DEFINITIONS = "Microsoft.Authorization/roleDefinitions";

/** Resource Manager's own types: groups, identities, roles. */
export function coreTypes(context: LocalContext, freshRoles: FreshRoles): ResourceType[] {
  return [
    {
      type: "Microsoft.Resources/resourceGroups",
      async put({ body }) {
        if (!body.location)
          throw new ArmError(
            400,
            "LocationRequired",
            "The location property is required for this definition.",
          );
        return { properties: { provisioningState: "Succeeded" } };
      },
    },
    {
      type: "Microsoft.ManagedIdentity/userAssignedIdentities",
      async put({ id, name }) {
        const { objectId, clientId } = context.principals.ofResource(id, name);
        return {
          properties: { principalId: objectId, clientId, tenantId: context.tenantId },
        };
      },
    },
    {
      type: DEFINITIONS,
      put: async (request) => ({ properties: roleDefinition(context, request) }),
      async delete(definition) {
        const used = context.resources
          .list({ type: ASSIGNMENTS })
          .filter(({ properties }) => sameId(lastSegment(properties.roleDefinitionId), definition.name));
        if (used.length > 0) {
          throw new ArmError(
            400,
            "RoleDefinitionHasAssignments",
            `There are existing role assignments referencing role (code: RoleDefinitionHasAssignments), the first is '${used[0]?.id}'.`,
          );
        }
      },
    },
    {
      type: ASSIGNMENTS,
      async put(request) {
        const properties = roleAssignment(context, request);
        if (request.existing === undefined)
          freshRoles.requireKnown(String(request.body.properties?.roleDefinitionId));
        return { properties };
      },
    },
  ];
}

function roleDefinition(
  context: LocalContext,
  { id, name, body, principal }: PutRequest,
): Record<string, unknown> {
  const { roleName, permissions, assignableScopes } = body.properties ?? {};
  if (typeof roleName !== "string" || !Array.isArray(permissions)) {
    throw new ArmError(400, "InvalidRoleDefinition", "A role definition needs roleName and permissions.");
  }
  const namesake = context.resources
    .list({ type: DEFINITIONS })
    .find((other) => !sameId(other.name, name) && sameId(String(other.properties.roleName), roleName));
  if (namesake !== undefined) {
    throw new ArmError(
      409,
      "RoleDefinitionWithSameNameExists",
      `A custom role with the name '${roleName}' already exists in this directory.`,
    );
  }
  const scopes = (assignableScopes ?? [parentId(id)]) as readonly string[];
  for (const scope of scopes) context.access.require(principal, actionOf(DEFINITIONS, "write"), scope);
  return { type: "CustomRole", assignableScopes: scopes };
}

function roleAssignment(
  context: LocalContext,
  { id, name, body, existing }: PutRequest,
): Record<string, unknown> {
  const scope = parentId(id);
  const { principalId, roleDefinitionId, condition } = body.properties ?? {};
  if (condition) requireReadable(String(condition));
  const role = findRole(context.resources, String(roleDefinitionId));
  if (role === undefined) {
    throw new ArmError(
      404,
      "RoleDefinitionDoesNotExist",
      `The specified role definition '${roleDefinitionId}' does not exist.`,
    );
  }
  requireAssignable(context, role.id, scope);
  const found = context.principals.byObjectId(String(principalId));
  const group = context.directory.now.groups.find((one) => sameId(one.id, String(principalId)));
  const holder = found?.objectId ?? group?.id;
  if (holder === undefined) {
    throw new ArmError(
      400,
      "PrincipalNotFound",
      `Principal ${principalId} does not exist in the directory ${context.tenantId}.`,
    );
  }
  const same = (properties: Readonly<Record<string, unknown>>) =>
    properties.principalId === holder && sameId(lastSegment(properties.roleDefinitionId), role.id);
  if (existing !== undefined && !same(existing.properties)) {
    throw new ArmError(
      409,
      "RoleAssignmentUpdateNotPermitted",
      "Tenant ID, application ID, principal ID, and scope are not allowed to be updated.",
    );
  }
  const twin = context.resources
    .list({ type: ASSIGNMENTS })
    .find(
      (other) => !sameId(other.name, name) && sameId(parentId(other.id), scope) && same(other.properties),
    );
  if (twin !== undefined)
    throw new ArmError(409, "RoleAssignmentExists", "The role assignment already exists.");
  return { principalId: holder, principalType: group === undefined ? "ServicePrincipal" : "Group", scope };
}

/** A custom role can be assigned only within its assignable scopes. */
function requireAssignable(context: LocalContext, guid: string, scope: string): void {
  const custom = context.resources
    .list({ type: DEFINITIONS })
    .find((definition) => sameId(definition.name, guid));
  if (custom === undefined) return;
  const scopes = (custom.properties.assignableScopes ?? []) as readonly string[];
  if (scopes.some((assignable) => isAtOrUnder(scope, assignable))) return;
  throw new ArmError(
    400,
    "RoleAssignmentScopeNotAssignableToRoleDefinition",
    `The scope '${scope}' is not within the assignable scopes of role definition '${guid}'.`,
  );
}

function lastSegment(id: unknown): string {
  return String(id).split("/").at(-1) ?? "";
}

/** @throws ArmError 400 for a condition that the emulator does not evaluate. */
function requireReadable(condition: string): void {
  try {
    readCondition(condition);
  } catch (error) {
    if (!(error instanceof EmulatorError)) throw error;
    throw answerOf(error, 400);
  }
}
