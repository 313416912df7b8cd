import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Stack } from "@pulumi/pulumi/automation";
import {
  type FindInCloud,
  isInterrupted,
  repairInterrupted,
  type StackState,
} from "../../kit/interrupted-stack";
import { isAlive } from "../../kit/process-lock";
import { EmulatorError } from "../errors/emulator-error";

/** How long to wait for another operation on the stack; after a kill its CLI still runs for a moment. */
const lockTimeoutMs = 30_000;

/**
 * Removes the locks of dead operations and waits for running ones.
 * @throws EmulatorError QT7007 if another operation is still running.
 */
export async function releaseStaleLocks(folder: string): Promise<void> {
  const deadline = Date.now() + lockTimeoutMs;
  for (;;) {
    const holders = locksIn(folder);
    for (const lock of holders) if (!isAlive(lock.pid)) rmSync(lock.file, { force: true });
    const living = holders.find((lock) => isAlive(lock.pid));
    if (!living) return;
    if (Date.now() > deadline) throw new EmulatorError("QT7007", { pid: living.pid });
    await delay(50);
  }
}

interface Lock {
  readonly file: string;
  /** Process id of the CLI that holds it; 0 if the file does not contain it. */
  readonly pid: number;
}

function locksIn(folder: string): Lock[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith(".json"))
    .map((name) => ({ file: join(folder, name), pid: holderOf(join(folder, name)) }));
}

function holderOf(file: string): number {
  try {
    const lock: unknown = JSON.parse(readFileSync(file, "utf8"));
    const pid = (lock as { pid?: unknown } | null)?.pid;
    return typeof pid === "number" ? pid : 0;
  } catch {
    // Half written, or deleted since it was listed.
    return 0;
  }
}

/** Brings the state of a killed run to what the cloud has. */
export async function repairPendingOperations(
  stack: Stack,
  stateFile: string,
  find: FindInCloud,
): Promise<void> {
  if (!readFileSync(stateFile, "utf8").includes('"pending_operations"')) return;
  const exported = await stack.exportStack();
  const deployment = exported.deployment as StackState;
  if (!isInterrupted(deployment)) return;
  const { state } = await repairInterrupted(deployment, find);
  await stack.importStack({ ...exported, deployment: state });
}
