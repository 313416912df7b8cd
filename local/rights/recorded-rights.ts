import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import type { NeededRight } from "../../packages/azure-emulator/control-plane/identity";
import { type Identity, identities, type TenantLife } from "./tenant-life";

/** The rights that an identity needed, each once, in the spelling of the first request. */
export interface Rights {
  readonly actions: readonly string[];
  readonly dataActions: readonly string[];
}
export type RecordedRights = Readonly<Record<Identity, Rights>>;

const OWNER = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635";

/** Runs a tenant's life as Owners, and records what each identity's requests needed. */
export async function recordRights(life: TenantLife): Promise<RecordedRights> {
  const { access } = life.azure.context;
  for (const identity of identities) {
    await assignRole(life, life.people[identity].objectId, OWNER);
    untilItActs(life, identity, "Microsoft.Resources/subscriptions/resourceGroups/read");
  }
  const needed: NeededRight[] = [];
  const end = access.observe((right) => void needed.push(right));
  try {
    await liveOnce(life);
  } finally {
    end();
  }
  const of = (identity: Identity): Rights => {
    const own = needed.filter(({ principal }) => principal.objectId === life.people[identity].objectId);
    const each = (kind: NeededRight["kind"]) =>
      once(own.filter((right) => right.kind === kind).map(({ action }) => action));
    return { actions: each("action"), dataActions: each("dataAction") };
  };
  return {
    deployer: of("deployer"),
    preview: of("preview"),
    drift: of("drift"),
    migration: of("migration"),
  };
}

/** Everything that is done with a tenant, in the order of its life. */
async function liveOnce({ engines, tenant, migrate, tamper }: TenantLife): Promise<void> {
  const { deployer, preview, drift } = engines;
  await preview.preview(tenant.made);
  await deployer.up(tenant.made);
  await preview.preview(tenant.made);
  await preview.preview(tenant.changed);
  await drift.refreshPreview(tenant.made);
  await migrate();
  await tamper();
  await deployer.up(tenant.changed, { refresh: true });
  await preview.preview(tenant.enclosed);
  await deployer.up(tenant.enclosed);
  await preview.preview(tenant.enclosed);
  await drift.refreshPreview(tenant.enclosed);
  await deployer.destroy(tenant.enclosed);
}

/** Gives a principal a role at the subscription. @returns the assignment's id */
export async function assignRole(
  { azure: { context, controlPlane } }: TenantLife,
  principalId: string,
  role: string,
): Promise<string> {
  const subscription = `/subscriptions/${context.subscriptionId}`;
  const id = `${subscription}/providers/Microsoft.Authorization/roleAssignments/${randomUUID()}`;
  const roleDefinitionId = `${subscription}/providers/Microsoft.Authorization/roleDefinitions/${role}`;
  await controlPlane.put(id, { properties: { principalId, roleDefinitionId } }, context.principals.deployer);
  return id;
}

/** A new assignment refuses the first requests that need it. */
export function untilItActs({ azure: { context }, people }: TenantLife, identity: Identity, action: string) {
  const subscription = `/subscriptions/${context.subscriptionId}`;
  const principal = people[identity];
  if (!context.access.granted(principal, action, subscription)) throw new Error(`No role grants ${action}.`);
  while (!context.access.allows(principal, action, subscription))
    assert.throws(() => context.access.require(principal, action, subscription));
}

/** Roles compare actions without case. */
function once(actions: readonly string[]): string[] {
  return [...new Map([...actions].reverse().map((action) => [action.toLowerCase(), action])).values()].sort();
}
