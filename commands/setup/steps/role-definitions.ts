import { pipelineStarterActions } from "../../../infra/existing/kinds";
import { stableGuid } from "../../../infra/naming";
import { type RoleName, readRole, roleNames, rolePath } from "../../../infra/roles/role-files";
import { scopeOf } from "../plan";
import { AUTHORIZATION_API } from "../role-assignments";
import type { Setup, SetupStep } from "../step";

interface WantedRole {
  readonly name: SetupRole;
  readonly description: string;
  readonly actions: readonly string[];
  readonly dataActions: readonly string[];
}
interface Definition {
  readonly name: string;
  readonly properties: {
    readonly permissions: readonly {
      readonly actions?: readonly string[];
      readonly dataActions?: readonly string[];
    }[];
  };
}

export type SetupRole = RoleName | "pipeline-starter";

/** The GUID of a role that exists, under whatever id; of another, the one with which infra/roles/program.ts makes it. */
export const roleGuid = ({ found, plan }: Setup, name: SetupRole) =>
  found.roles.get(name) ?? stableGuid("role", name, scopeOf(plan).toLowerCase());

/** The display name, which a directory has once. */
export const roleTitle = (name: SetupRole) =>
  name === "pipeline-starter" ? "Quantemplate pipeline starter" : readRole(name).Name;

function wantedRoles(setup: Setup): WantedRole[] {
  const used = roleNames.filter((name) => setup.plan.identities.some(({ roles }) => roles.includes(name)));
  return [
    ...used.map((name) => {
      const { Description, Actions, DataActions } = readRole(name);
      return {
        name,
        description: Description,
        actions: Actions,
        dataActions: DataActions,
      };
    }),
    {
      name: "pipeline-starter",
      description: "Starts pipelines and follows their runs; nothing else.",
      actions: pipelineStarterActions,
      dataActions: [],
    },
  ];
}

/** The id of a role at the subscription. */
export const roleId = (setup: Setup, name: SetupRole) =>
  `${scopeOf(setup.plan)}/providers/Microsoft.Authorization/roleDefinitions/${roleGuid(setup, name)}`;
const sorted = (items: readonly string[] = []) => [...items].sort().join();

async function missing(setup: Setup): Promise<WantedRole[]> {
  const wanted = wantedRoles(setup);
  const isThere = await Promise.all(
    wanted.map(async ({ name, actions, dataActions }) => {
      const query = `?api-version=${AUTHORIZATION_API}&$filter=roleName eq '${roleTitle(name)}'`;
      const path = `${scopeOf(setup.plan)}/providers/Microsoft.Authorization/roleDefinitions`;
      const [definition] = await setup.door.armList<Definition>(path, query);
      if (definition === undefined) return false;
      setup.found.roles.set(name, definition.name);
      const [has] = definition.properties.permissions;
      return sorted(has?.actions) === sorted(actions) && sorted(has?.dataActions) === sorted(dataActions);
    }),
  );
  return wanted.filter((_, index) => !isThere[index]);
}

/** Source: learn.microsoft.com/azure/role-based-access-control/custom-roles-rest. */
export const roleDefinitions: SetupStep = {
  title: "Roles",
  what: "The custom roles of infra/roles that the identities have, and one that starts pipelines, so that no deployer makes roles.",
  right:
    "Microsoft.Authorization/roleDefinitions/write at the subscription: Owner or User Access Administrator",
  cost: "nothing",
  command: ({ plan }) =>
    [...new Set(plan.identities.flatMap(({ roles }) => roles))]
      .map(
        (name) =>
          `sed "s/00000000-0000-0000-0000-000000000000/${plan.subscriptionId}/" ${rolePath(name)} > /tmp/role.json && az role definition create --role-definition @/tmp/role.json`,
      )
      .concat(
        `az role definition create --role-definition '${JSON.stringify({ Name: "Quantemplate pipeline starter", Actions: pipelineStarterActions, AssignableScopes: [scopeOf(plan)] })}'`,
      ),
  look: async (setup) => (await missing(setup)).map(({ name }) => `role ${roleTitle(name)}`),
  async make(setup) {
    const scope = scopeOf(setup.plan);
    for (const { name, description, actions, dataActions } of await missing(setup))
      await setup.door.arm("PUT", roleId(setup, name), AUTHORIZATION_API, {
        properties: {
          roleName: roleTitle(name),
          type: "CustomRole",
          description,
          permissions: [{ actions, notActions: [], dataActions, notDataActions: [] }],
          assignableScopes: [scope],
        },
      });
  },
};
