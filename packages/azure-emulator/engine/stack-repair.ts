import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Stack } from "@pulumi/pulumi/automation";
import { isAlive } from "../../kit/process-lock";
import { EmulatorError } from "../errors/emulator-error";

/** How long another operation on the stack may take to end, in milliseconds; after a kill its CLI lives on for a moment. */
const patience = 30_000;

/**
 * Waits for an operation that still runs and takes away the locks of those that died.
 * @throws EmulatorError QT7007 where another operation goes on.
 */
export async function releaseStaleLocks(folder: string): Promise<void> {
  const deadline = Date.now() + patience;
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
  /** Process id of the CLI that holds it; 0 where the file does not tell. */
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
    // Half written, or gone since it was listed.
    return 0;
  }
}

/**
 * Forgets operations that a killed run had begun. Nothing is lost: the emulator's PUT observes what exists, so the next run
 * does them again.
 */
export async function repairPendingOperations(stack: Stack, stateFile: string): Promise<void> {
  if (!readFileSync(stateFile, "utf8").includes('"pending_operations"')) return;
  const state = await stack.exportStack();
  const deployment = state.deployment as { pending_operations?: unknown[] };
  if (!deployment.pending_operations?.length) return;
  const { pending_operations: _begun, ...rest } = deployment;
  await stack.importStack({ ...state, deployment: rest });
}
