import { onlyTheProgramsRoles } from "../../../infra/roles/only-the-programs-roles";
import { accountIdOf, scopeOf, vaultIdOf } from "../plan";
import {
  assign,
  assignCommand,
  builtIn,
  missingAssignments,
  type WantedAssignment,
} from "../role-assignments";
import type { Setup, SetupStep } from "../step";
import { roleGuid, roleTitle } from "./role-definitions";

/** What every identity, and whoever sets up, is to have. An identity that is not there yet has no id. */
async function wantedOf(setup: Setup): Promise<WantedAssignment[]> {
  const { plan, found, door } = setup;
  const container = `${accountIdOf(plan)}/blobServices/default/containers/${plan.container}`;
  const starter = roleGuid(setup, "pipeline-starter");
  const ofIdentities = plan.identities.flatMap(
    ({ name, displayName, roles, deploys }): WantedAssignment[] => {
      const who = {
        principalId: found.identities.get(name)?.objectId ?? `<object id of ${displayName}>`,
        principalType: "ServicePrincipal" as const,
      };
      const text = (role: string) => `${role} for ${displayName}`;
      return [
        ...roles.map((role) => ({
          ...who,
          text: text(role),
          scope: scopeOf(plan),
          role: roleGuid(setup, role),
          roleName: roleTitle(role),
          ...(role === "role-assigner" && { condition: onlyTheProgramsRoles(starter).condition }),
        })),
        ...stateAndKey(deploys, container, vaultIdOf(plan)).map(([role, id, scope]) => ({
          ...who,
          text: text(role),
          scope,
          role: id,
          roleName: role,
        })),
      ];
    },
  );
  const { objectId, isApplication } = await door.me();
  const people = stateAndKey(true, container, vaultIdOf(plan)).map(
    ([role, id, scope]): WantedAssignment => ({
      text: `${role} for you`,
      scope,
      role: id,
      roleName: role,
      principalId: objectId,
      principalType: isApplication ? "ServicePrincipal" : "User",
    }),
  );
  return [...ofIdentities, ...people];
}

const stateAndKey = (deploys: boolean, container: string, vault: string) =>
  [
    deploys
      ? ["Storage Blob Data Contributor", builtIn.blobContributor, container]
      : ["Storage Blob Data Reader", builtIn.blobReader, container],
    ["Key Vault Crypto User", builtIn.cryptoUser, vault],
  ] as const;

/** Source: learn.microsoft.com/azure/role-based-access-control/role-assignments-rest, …/conditions-role-assignments-rest. */
export const assignments: SetupStep = {
  title: "Rights",
  what: "Deployers: what the program calls, and role assignments of the program's own roles only. Previews and drift: reading. All of them, and you: state and key.",
  right:
    "Microsoft.Authorization/roleAssignments/write at the subscription: Role Based Access Control Administrator, User Access Administrator or Owner",
  cost: "nothing",
  command: (setup) => {
    // The commands need no sign-in: whoever reads them has no ids either.
    const offline: Setup = {
      ...setup,
      door: { ...setup.door, me: async () => ({ objectId: "<your object id>", isApplication: false }) },
    };
    return commandsOf(offline);
  },
  async look(setup) {
    const wanted = await wantedOf(setup);
    const known = wanted.filter(({ principalId }) => !principalId.startsWith("<"));
    const missing = await missingAssignments(setup, known);
    return [...wanted.filter((one) => !known.includes(one)), ...missing].map(({ text }) => text);
  },
  async make(setup) {
    for (const wanted of await missingAssignments(setup, await wantedOf(setup))) await assign(setup, wanted);
  },
};

async function commandsOf(setup: Setup): Promise<readonly string[]> {
  return (await wantedOf(setup)).map(assignCommand);
}
