import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deployRoles } from "../../infra/roles/program";
import { type RoleName, readRole, roleNames } from "../../infra/roles/role-files";
import { removeEverything } from "../../local/commands/server-choice";
import { project } from "../../local/places";
import { untilItActs } from "../../local/rights/recorded-rights";
import { type Identity, startTenantLife, type TenantLife } from "../../local/rights/tenant-life";
import { createEngine } from "../../packages/azure-emulator";
import type { NeededRight } from "../../packages/azure-emulator/control-plane/identity";
import type { ArmResource } from "../../packages/azure-emulator/control-plane/resource";
import type { EngineProgress, PulumiChoice, RunOptions } from "../../packages/azure-emulator/engine";
import { type GrantOnly, RightsWithholder, type Withheld } from "./withheld-rights";

export type RolesOf = Readonly<Record<Identity, readonly RoleName[]>>;

/** The roles that each identity has, as docs/rights.md says. */
export const rolesOf: RolesOf = {
  deployer: ["deployer", "role-assigner", "role-author"],
  preview: ["preview"],
  drift: ["drift"],
  migration: ["migration"],
};

/** A tenant's life in which each identity has exactly its roles, made by the program of infra/roles. */
export interface LifeWithRoles extends TenantLife {
  /** Runs while one pattern is taken out of a role. */
  without<T>(role: RoleName, pattern: string, run: () => Promise<T>): Promise<T>;
  /** Runs while each action of an identity's roles is missing until a call has failed for want of it. */
  withheld(identity: Identity, run: () => Promise<unknown>): Promise<Withheld>;
  close(): Promise<void>;
}

/** @param given The roles that each identity has. */
export async function startLifeWithRoles(
  given: RolesOf = rolesOf,
  pulumi: PulumiChoice = "in-process",
): Promise<LifeWithRoles> {
  const folder = await mkdtemp(join(tmpdir(), "qt-roles-"));
  const withholders = new Map<Identity, RightsWithholder>();
  const life = await startTenantLife(folder, {
    pulumi,
    around: (identity, provider) => withholders.get(identity)?.around(provider) ?? provider,
  });
  const definitions = await deployAsOwner(life, folder, given);
  const { resources } = life.azure.context;
  const grantOnly: GrantOnly = async (role, isLeft) => {
    const definition = definitions.get(role);
    if (definition === undefined) throw new Error(`The role ${role} is not there.`);
    const [all] = definition.properties.permissions as [{ actions: string[]; dataActions: string[] }];
    const left = { ...all, actions: all.actions.filter(isLeft), dataActions: all.dataActions.filter(isLeft) };
    await resources.set({ ...definition, properties: { ...definition.properties, permissions: [left] } });
  };
  for (const [identity, roles] of Object.entries(given) as [Identity, readonly RoleName[]][]) {
    for (const role of roles) untilItActs(life, identity, readRole(role).Actions[0] ?? "");
    withholders.set(
      identity,
      new RightsWithholder(roles, grantOnly, (run) => refusedDuring(life, identity, run)),
    );
  }
  return {
    ...life,
    async without(role, pattern, run) {
      await grantOnly(role, (one) => one !== pattern);
      try {
        return await run();
      } finally {
        await grantOnly(role, () => true);
      }
    },
    async withheld(identity, run) {
      const withholder = withholders.get(identity);
      if (withholder === undefined) throw new Error(`${identity} has no roles.`);
      return withholder.during(run);
    },
    async close() {
      await life.stop();
      await removeEverything(folder);
    },
  };
}

/** What a central team does first. @returns the definitions */
async function deployAsOwner(
  { azure, people }: TenantLife,
  folder: string,
  given: RolesOf,
): Promise<ReadonlyMap<RoleName, ArmResource>> {
  const { context, controlPlane } = azure;
  const holders = Object.fromEntries(
    (Object.entries(given) as [Identity, readonly RoleName[]][]).flatMap(([identity, roles]) =>
      roles.map((role) => [role, [people[identity].objectId]]),
    ),
  );
  const roles = { ...project, name: "quantemplate-roles" };
  const engine = await createEngine({ project: roles, folder, pulumi: "in-process", context, controlPlane });
  const config = { "quantemplate-roles:holders": { value: JSON.stringify(holders) } };
  await engine.up({ name: "roles", config, program: deployRoles });
  const made = context.resources.list({ type: "Microsoft.Authorization/roleDefinitions" });
  return new Map(
    roleNames.flatMap((name) => {
      const definition = made.find(({ properties }) => properties.roleName === readRole(name).Name);
      return definition === undefined ? [] : [[name, definition] as const];
    }),
  );
}

/** The rights that an identity asks for and does not have, while something runs. */
export async function refusedDuring(
  { azure, people }: TenantLife,
  identity: Identity,
  run: () => Promise<unknown>,
): Promise<readonly string[]> {
  const { access } = azure.context;
  const refused: string[] = [];
  const end = access.observe(({ principal, action, scope, kind }: NeededRight) => {
    const isOwn = principal.objectId === people[identity].objectId;
    if (isOwn && !access.granted(principal, action, scope, kind)) refused.push(action);
  });
  try {
    await run();
  } finally {
    end();
  }
  return refused;
}

/** What a failed run says: its reason, and the resources that failed. */
export interface Failure {
  readonly message: string;
  readonly resources: readonly string[];
}

/** The failure of a run of the engine; undefined if it succeeds. */
export async function failureOf(
  run: (options: RunOptions) => Promise<unknown>,
): Promise<Failure | undefined> {
  const resources: string[] = [];
  const onProgress = (event: EngineProgress) => {
    if (event.kind === "resource" && event.status === "failed") resources.push(event.name);
  };
  try {
    await run({ onProgress });
    return undefined;
  } catch (error) {
    return { message: (error as Error).message, resources };
  }
}
