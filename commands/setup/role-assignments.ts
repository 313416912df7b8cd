import { stableGuid } from "../../infra/naming";
import { orNothing } from "./door";
import type { Setup } from "./step";

export const AUTHORIZATION_API = "2022-04-01";
const ASSIGNMENTS = "/providers/Microsoft.Authorization/roleAssignments";

/** Built-in roles of the set-up (learn.microsoft.com/azure/role-based-access-control/built-in-roles). */
export const builtIn = {
  cryptoOfficer: "14b46e9e-c2b7-41b4-b07b-48a6ebf60603",
  cryptoUser: "12338af0-0e69-4776-bea7-57ae8d297424",
  blobContributor: "ba92f5b4-2d11-453d-a403-e96b0029c9fe",
  blobReader: "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1",
} as const;

/** A role that somebody is to have. */
export interface WantedAssignment {
  /** For people: the role and who has it. */
  readonly text: string;
  readonly scope: string;
  /** GUID of the role. */
  readonly role: string;
  readonly roleName: string;
  readonly principalId: string;
  readonly principalType: "ServicePrincipal" | "User";
  readonly condition?: string;
}

interface Assignment {
  readonly properties: {
    readonly roleDefinitionId: string;
    readonly scope: string;
    readonly condition?: string | null;
  };
}

/** Those that do not exist, under whatever name. */
export async function missingAssignments(
  { door }: Setup,
  wanted: readonly WantedAssignment[],
): Promise<readonly WantedAssignment[]> {
  const isThere = async ({ scope, role, principalId, condition }: WantedAssignment) => {
    const query = `?api-version=${AUTHORIZATION_API}&$filter=principalId eq '${principalId}'`;
    // What does not exist has no assignments.
    const found = (await orNothing(door.armList<Assignment>(`${scope}${ASSIGNMENTS}`, query))) ?? [];
    return found.some(
      ({ properties }) =>
        properties.roleDefinitionId.toLowerCase().endsWith(`/${role}`) &&
        properties.scope.toLowerCase() === scope.toLowerCase() &&
        (condition === undefined || properties.condition === condition),
    );
  };
  const there = await Promise.all(wanted.map(isThere));
  return wanted.filter((_, index) => !there[index]);
}

/** Gives the role. The name derives from what it gives, so that a repeated call is the same. */
export async function assign(
  { door, plan }: Setup,
  { scope, role, principalId, principalType, condition }: WantedAssignment,
): Promise<void> {
  const name = stableGuid("assignment", role, principalId, scope.toLowerCase());
  await door.arm("PUT", `${scope}${ASSIGNMENTS}/${name}`, AUTHORIZATION_API, {
    properties: {
      roleDefinitionId: `/subscriptions/${plan.subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/${role}`,
      principalId,
      principalType,
      ...(condition !== undefined && { condition, conditionVersion: "2.0" }),
    },
  });
}

/** The command that gives the role. */
export function assignCommand({
  scope,
  roleName,
  principalId,
  principalType,
  condition,
}: WantedAssignment): string {
  const only = condition === undefined ? "" : ` --condition-version 2.0 --condition "${condition}"`;
  return `az role assignment create --role "${roleName}" --assignee-object-id ${principalId} --assignee-principal-type ${principalType} --scope ${scope}${only}`;
}
