import { QtError } from "../../errors/qt-error";
import { folderHolder } from "../../packages/azure-emulator/control-plane/folder-lock";
import {
  createEngine,
  type Engine,
  type EngineProgress,
  type PulumiChoice,
} from "../../packages/azure-emulator/engine";
import type { LimitPlan } from "../../packages/azure-emulator/services/automation";
import { type Deployment, deployStack, restoreEnvironments, stackRequest } from "../deploy-stack";
import { type Environment, findEnvironment, forgetEnvironment } from "../environment";
import { type LocalAzure, startLocalAzure } from "../local-azure";
import { project, projectRoot } from "../places";
import { readTenantStack } from "../tenant-stack";
import { requireOwnFolder } from "./own-folder";
import { findServer, removeEverything } from "./server-choice";
import { type SignalWatch, watchSignals } from "./signal-watch";

/** Reports progress, a line at a time. */
export type Report = (line: string) => void;

/** An engine event as one line: the resource and what happened to it. */
function progressLine(event: EngineProgress): string | undefined {
  if (event.kind === "message")
    return event.severity === "warning" || event.severity === "error" ? event.text : undefined;
  return `${event.operation} ${event.name} ${event.status}`;
}

const progressTo = (report: Report) => (event: EngineProgress) => {
  const line = progressLine(event);
  if (line !== undefined) report(line);
};

/** A one-line summary of a deployment. */
export function deployedText({ azure, deployment, engine }: Running): string {
  const { creates, updates, replaces, deletes, same } = deployment.result;
  const counts = {
    created: creates,
    changed: updates,
    replaced: replaces,
    deleted: deletes,
    unchanged: same,
  };
  const parts = Object.entries(counts).filter(([, value]) => value > 0);
  const text = parts.map(([name, value]) => `${value} ${name}`).join(", ");
  const deployed = engine.notice === undefined ? `${text} by the Pulumi engine` : `${text}. ${engine.notice}`;
  return azure.sql.notice === undefined ? deployed : `${deployed.replace(/\.$/, "")}. ${azure.sql.notice}`;
}

/** Options shared by every command that deploys. */
export interface BringUpOptions {
  readonly folder: string;
  readonly stack: string;
  readonly pulumi: PulumiChoice;
  /** URL of a SQL Server to use instead of the embedded PostgreSQL. A folder that was started with one keeps using it. */
  readonly database?: string | undefined;
  /** A file of Azure Policy objects that every resource must pass while this process runs. */
  readonly policy?: string | undefined;
  /** The kind of subscription whose limits count. */
  readonly limits?: LimitPlan | undefined;
}

/** An emulator running in this process; a signal stops it before the process ends. */
export interface RunningEmulator {
  readonly azure: LocalAzure;
  readonly signals: SignalWatch;
}

/** One that deploys by itself. */
export interface DeployingEmulator extends RunningEmulator {
  readonly engine: Engine;
}

/** A running emulator with one stack deployed. */
export interface Running extends DeployingEmulator {
  readonly deployment: Deployment;
}

/** Starts the emulator in this process. @throws QtError QT9004 if another process already runs it on this folder. */
export async function startHere({
  folder,
  database,
  policy,
  limits,
}: Omit<BringUpOptions, "stack" | "pulumi">): Promise<RunningEmulator> {
  await requireOwnFolder(folder);
  const pid = folderHolder(folder);
  if (pid !== undefined && pid !== process.pid) throw new QtError("QT9004", { pid });
  const server = await findServer(folder, database);
  let azure: LocalAzure | undefined;
  const signals = watchSignals(async () => azure?.stop());
  try {
    azure = await startLocalAzure({ folder, server, policy, limits });
    return { azure, signals };
  } catch (error) {
    signals.release();
    throw error;
  }
}

/** Starts the emulator in this process, with an engine that deploys. */
export async function startWithEngine(options: Omit<BringUpOptions, "stack">): Promise<DeployingEmulator> {
  const emulator = await startHere(options);
  const { context, controlPlane } = emulator.azure;
  try {
    const engine = await createEngine({ project, ...options, context, controlPlane });
    return { ...emulator, engine };
  } catch (error) {
    await stopEmulator(emulator);
    throw error;
  }
}

/** Stops every service; landed data stays on disk. */
export async function stopEmulator({ azure, signals }: RunningEmulator): Promise<void> {
  await azure.stop();
  signals.release();
}

/** Starts the emulator and deploys the stack. */
export async function bringUp(options: BringUpOptions, report: Report = () => {}): Promise<Running> {
  const emulator = await startWithEngine(options);
  try {
    return await deployInto(emulator, options, report);
  } catch (error) {
    await stopEmulator(emulator);
    throw error;
  }
}

/** Deploys the stack into a running emulator, which a failure leaves running. */
export async function deployInto(
  emulator: DeployingEmulator,
  options: BringUpOptions,
  report: Report,
): Promise<Running> {
  const { azure, engine, signals } = emulator;
  // Pulumi's children live in their own process groups and only Pulumi can end them, so wait for it.
  const deployment = await signals.finishing(
    deployStack(azure, engine, { projectRoot, ...options }, { onProgress: progressTo(report) }),
  );
  return { ...emulator, deployment };
}

/** Serves the last deployment of the stack; undefined if there is none. */
export async function servedBefore(
  { azure }: RunningEmulator,
  { folder, stack }: BringUpOptions,
): Promise<Environment | undefined> {
  await restoreEnvironments(azure, folder);
  return findEnvironment(folder, stack);
}

/** Destroys the stack with Pulumi and, with the last stack, removes every trace of the emulator. */
export async function tearDown(options: BringUpOptions, report: Report = () => {}): Promise<number> {
  const emulator = await startWithEngine(options);
  let deleted = 0;
  let others = false;
  try {
    const { azure, engine, signals } = emulator;
    const stack = stackRequest(readTenantStack(projectRoot, options.stack, azure.context));
    const work = engine.destroy(stack, { onProgress: progressTo(report) });
    deleted = (await signals.finishing(work)).deletes;
    others = azure.context.resources.list().length > 0;
  } finally {
    await stopEmulator(emulator);
  }
  await forgetEnvironment(options.folder, options.stack);
  // Other stacks may live in the same folder.
  if (!others) await removeEverything(options.folder);
  return deleted;
}
