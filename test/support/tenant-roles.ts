import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { missingRights } from "../../infra/roles/missing-right";
import { deployRoles } from "../../infra/roles/program";
import { type RoleName, readRole } from "../../infra/roles/role-files";
import { removeEverything } from "../../local/commands/server-choice";
import { project } from "../../local/places";
import { untilItActs } from "../../local/rights/recorded-rights";
import { type Identity, startTenantLife, type TenantLife } from "../../local/rights/tenant-life";
import { createEngine } from "../../packages/azure-emulator";
import type { NeededRight } from "../../packages/azure-emulator/control-plane/identity";
import type { EngineProgress, RunOptions } from "../../packages/azure-emulator/engine";

/** The roles that each identity has, as docs/rights.md says. */
export const rolesOf: Readonly<Record<Identity, readonly RoleName[]>> = {
  deployer: ["deployer", "role-assigner", "role-author"],
  preview: ["preview"],
  drift: ["drift"],
  migration: ["migration"],
};

/** A tenant's life in which each identity has exactly its roles, made by the program of infra/roles. */
export interface LifeWithRoles extends TenantLife {
  /** Runs while one pattern is taken out of a role. */
  without<T>(role: RoleName, pattern: string, run: () => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

export async function startLifeWithRoles(): Promise<LifeWithRoles> {
  const folder = await mkdtemp(join(tmpdir(), "qt-roles-"));
  const life = await startTenantLife(folder);
  await deployAsOwner(life, folder);
  for (const [identity, roles] of Object.entries(rolesOf) as [Identity, readonly RoleName[]][])
    for (const role of roles) untilItActs(life, identity, readRole(role).Actions[0] ?? "");
  const { resources } = life.azure.context;
  return {
    ...life,
    async without(role, pattern, run) {
      const { Name } = readRole(role);
      const definition = resources
        .list({ type: "Microsoft.Authorization/roleDefinitions" })
        .find(({ properties }) => properties.roleName === Name);
      if (definition === undefined) throw new Error(`The role ${Name} is not there.`);
      const [all] = definition.properties.permissions as [{ actions: string[]; dataActions: string[] }];
      const others = (patterns: readonly string[]) => patterns.filter((one) => one !== pattern);
      const left = { ...all, actions: others(all.actions), dataActions: others(all.dataActions) };
      await resources.set({ ...definition, properties: { ...definition.properties, permissions: [left] } });
      try {
        return await run();
      } finally {
        await resources.set(definition);
      }
    },
    async close() {
      await life.stop();
      await removeEverything(folder);
    },
  };
}

/** What a central team does first. */
async function deployAsOwner({ azure, people }: TenantLife, folder: string): Promise<void> {
  const { context, controlPlane } = azure;
  const holders = Object.fromEntries(
    (Object.entries(rolesOf) as [Identity, readonly RoleName[]][]).flatMap(([identity, roles]) =>
      roles.map((role) => [role, [people[identity].objectId]]),
    ),
  );
  const roles = { ...project, name: "quantemplate-roles" };
  const engine = await createEngine({ project: roles, folder, pulumi: "in-process", context, controlPlane });
  const config = { "quantemplate-roles:holders": { value: JSON.stringify(holders) } };
  await engine.up({ name: "roles", config, program: deployRoles });
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

/** The actions that a message says are missing, each once, in small letters. */
export function missingIn(message: string): readonly string[] {
  return [...new Set(missingRights(message).map(({ action }) => action.toLowerCase()))];
}
