import { rmSync, writeFileSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { QtError } from "../../errors/qt-error";
import { type AzureSession, createAzureSession, orAbsent } from "../../infra/steps/azure-session";
import { signInEnvironment } from "../../infra/steps/sign-in-environment";
import { azureResourceTypes, resourceId } from "../../packages/azure-resource-types";
import {
  type FindInCloud,
  isInterrupted,
  type Repair,
  repairInterrupted,
  type StackResource,
  type StackState,
} from "../../packages/kit/interrupted-stack";
import { nameOf } from "../../packages/kit/urn";
import { stackName } from "../../tenants/stack-name";
import { signInSettings } from "../sign-in-settings";
import { type PulumiChildOptions, unattended } from "./pulumi-child";
import { runUnlocked } from "./unlocked";

/** One stack's state, through the CLI. */
interface KilledStack {
  readonly tenant: string;
  /** Runs the CLI for the stack. @throws QtError QT9029 */
  pulumi(...args: readonly string[]): Promise<string>;
}

function stackOf(tenant: string, options: PulumiChildOptions): KilledStack {
  return {
    tenant,
    async pulumi(...args) {
      const flags = ["--stack", stackName(tenant), ...unattended];
      const { code, stdout, stderr } = await runUnlocked([...args, ...flags], tenant, options);
      if (code === 0) return stdout;
      throw new QtError("QT9029", { stack: tenant, reason: stderr.trim() || stdout.trim() });
    },
  };
}

interface RepairedStack {
  /** What was done, a sentence for a person. */
  readonly text: string;
  /** It was being deleted: what is left in the state may have lost what it needs, so the next `up` must refresh. */
  readonly wasDeleting: boolean;
}

/**
 * Completes the state of a stack whose deployment was killed, so that the next `pulumi up` or `pulumi destroy` ends clean.
 * @returns undefined if nothing was pending, or there is no such stack
 * @throws QtError QT9028 if the subscription in which to look is not known, QT9029 if Pulumi could not read or write the state
 */
export async function repairKilledStack(
  tenant: string,
  options: PulumiChildOptions,
): Promise<RepairedStack | undefined> {
  const stack = stackOf(tenant, options);
  const exported = await exportOf(stack);
  if (exported?.deployment === undefined || !isInterrupted(exported.deployment)) return undefined;
  const wasDeleting = (exported.deployment.pending_operations ?? []).some(({ type }) => type === "deleting");
  const text = await repaired(stack, exported, exported.deployment);
  return text === undefined ? undefined : { text, wasDeleting };
}

/**
 * Takes over what a killed `destroy` left: Pulumi forgets what goes with another resource (`deletedWith`) before that one goes, so that an
 * `up` would create it again, which azure-native refuses. Only what lies below a resource of the stack is the stack's.
 * @returns what was done; undefined if the program would create nothing that exists
 * @throws QtError QT9028, QT9029
 */
export async function adoptForgotten(
  tenant: string,
  options: PulumiChildOptions,
): Promise<string | undefined> {
  const stack = stackOf(tenant, options);
  const exported = await exportOf(stack);
  const { deployment } = exported ?? {};
  if (exported === undefined || deployment === undefined) return undefined;
  const { steps } = JSON.parse(await stack.pulumi("preview", "--json", "--suppress-progress")) as {
    readonly steps?: readonly { readonly op: string; readonly newState?: StackResource }[];
  };
  const created = (steps ?? []).flatMap(({ op, newState }) =>
    op === "create" && newState?.type.startsWith("azure-native:") ? [newState] : [],
  );
  const pending_operations = created.map((resource) => ({ resource, type: "creating" as const }));
  if (pending_operations.length === 0) return undefined;
  const own = (deployment.resources ?? []).flatMap(({ id }) =>
    id?.startsWith("/") ? [`${id.toLowerCase()}/`] : [],
  );
  return repaired(stack, exported, { ...deployment, pending_operations }, (id) =>
    own.some((above) => id.toLowerCase().startsWith(above)),
  );
}

interface Exported {
  readonly deployment?: StackState;
}

/** Undefined without a stack, or a login: what comes next says so. */
async function exportOf({ pulumi }: KilledStack): Promise<Exported | undefined> {
  const text = await pulumi("stack", "export").catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as Exported);
}

async function repaired(
  { tenant, pulumi }: KilledStack,
  exported: Exported,
  interrupted: StackState,
  isOwn: (id: string) => boolean = () => true,
): Promise<string | undefined> {
  const settings = await signInSettings(async (...args) => JSON.parse(await pulumi(...args)) as unknown);
  const env = signInEnvironment(settings, process.env);
  const subscription = env.ARM_SUBSCRIPTION_ID || subscriptionOf(interrupted);
  if (subscription === undefined) throw new QtError("QT9028", { stack: tenant });
  const find = findInAzure(createAzureSession(env), subscription, isOwn);
  const repair = await repairInterrupted(interrupted, find);
  if (repair.again.length === 0 && !isInterrupted(exported.deployment ?? {})) return undefined;
  await withFile(JSON.stringify({ ...exported, deployment: repair.state }), (file) =>
    pulumi("stack", "import", "--file", file),
  );
  return repairText(repair);
}

/** What a repair did, for a person. */
function repairText({ adopted, again }: Repair): string {
  const names = (urns: readonly string[]) => urns.map(nameOf).join(", ");
  const parts = [
    ...(adopted.length > 0 ? [`found in Azure and taken over: ${names(adopted)}`] : []),
    ...(again.length > 0 ? [`written again by the next deployment: ${names(again)}`] : []),
  ];
  return ["completed the state of a killed deployment", ...parts].join("; ");
}

/** Asks Resource Manager. Only azure-native's resources are outside the state; steps and random values can be made again. */
export function findInAzure(
  azure: Pick<AzureSession, "arm">,
  subscription: string,
  isOwn: (id: string) => boolean = () => true,
): FindInCloud {
  return async ({ type, inputs = {} }) => {
    const described = azureResourceTypes.byToken(type);
    // What Azure has with its parent may be created any time, and some of it, such as an app's settings, has no GET.
    if (described === undefined || described.neverDeleted) return undefined;
    const id = resourceId(described, inputs, subscription);
    if (id === undefined || !isOwn(id)) return undefined;
    const { apiVersion } = described;
    return (await orAbsent(azure.arm("GET", id, { apiVersion }))) === undefined ? undefined : id;
  };
}

/** The subscription of what is deployed. */
function subscriptionOf({ resources = [] }: StackState): string | undefined {
  const ids = resources.flatMap(({ type, id }) => (type.startsWith("azure-native:") && id ? [id] : []));
  return ids.map((id) => /^\/subscriptions\/([^/]+)/.exec(id)?.[1]).find((found) => found !== undefined);
}

/** The state's values are plain but for its secrets, so only its owner may read the file, and it goes. */
async function withFile(text: string, work: (file: string) => Promise<unknown>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "qt-fleet-"));
  try {
    const file = join(folder, "state.json");
    writeFileSync(file, text, { mode: 0o600 });
    await work(file);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
