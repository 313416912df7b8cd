import { ArmError } from "./arm-error";
import type { LocalContext } from "./local-service";
import type { ArmBody, ArmIdentity } from "./resource";

/**
 * The identity block as Azure returns it: with the principal of the system-assigned identity and the ids of each user-assigned one.
 * @throws ArmError 400 if a user-assigned identity does not exist.
 */
export function resolveIdentity(
  context: LocalContext,
  id: string,
  name: string,
  identity: ArmBody["identity"],
): ArmIdentity | undefined {
  const type = identity?.type ?? "None";
  // A user-assigned identity resource has no identity block but is a principal; it must not be forgotten.
  const had = context.resources.get(id)?.identity?.principalId !== undefined;
  if (had && !/SystemAssigned/i.test(type)) context.principals.forget(id);
  if (identity === undefined || /^none$/i.test(type)) return undefined;
  const resolved: { -readonly [Key in keyof ArmIdentity]: ArmIdentity[Key] } = { type };
  if (/SystemAssigned/i.test(type)) {
    resolved.principalId = context.principals.ofResource(id, name).objectId;
    resolved.tenantId = context.tenantId;
  }
  if (/UserAssigned/i.test(type)) {
    const ids = userAssignedIds(identity.userAssignedIdentities);
    resolved.userAssignedIdentities = Object.fromEntries(
      ids.map((userId) => [userId, idsOf(context, userId)]),
    );
  }
  return resolved;
}

/** azure-native sends a list of ids, every other client a map with empty values. */
function userAssignedIds(identities: unknown): string[] {
  if (Array.isArray(identities)) return identities.map(String);
  return Object.keys((identities ?? {}) as Record<string, unknown>);
}

function idsOf(context: LocalContext, userId: string): { principalId: string; clientId: string } {
  const resource = context.resources.get(userId);
  if (resource === undefined) {
    throw new ArmError(
      400,
      "FailedIdentityOperation",
      `The user-assigned identity '${userId}' was not found.`,
    );
  }
  const principal = context.principals.ofResource(resource.id, resource.name);
  return { principalId: principal.objectId, clientId: principal.clientId };
}
