import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";

/**
 * Does the work while no other process does work under the same lock. The lock of a process that died counts for nothing.
 * @param file made while the work goes on; holds the process id.
 * @param onWait called once where another process has to be waited for.
 */
export async function withFileLock<T>(file: string, onWait: () => void, work: () => Promise<T>): Promise<T> {
  await acquire(file, onWait);
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}

async function acquire(file: string, onWait: () => void): Promise<void> {
  let waiting = false;
  while (!tryCreate(file)) {
    if (takeFromTheDead(file)) continue;
    if (!waiting) onWait();
    waiting = true;
    await delay(200);
  }
}

function tryCreate(file: string): boolean {
  try {
    writeFileSync(file, String(process.pid), { flag: "wx" });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

/** Removes the lock of a process that died. By renaming: of two that see it dead, one succeeds. */
function takeFromTheDead(file: string): boolean {
  if (isAlive(holderOf(file))) return false;
  const taken = `${file}.${process.pid}`;
  try {
    renameSync(file, taken);
  } catch {
    return true;
  }
  // Another one was faster and holds a lock of its own by now: it gets that back.
  if (isAlive(holderOf(taken))) renameSync(taken, file);
  else rmSync(taken, { force: true });
  return true;
}

function holderOf(file: string): number {
  try {
    return Number(readFileSync(file, "utf8"));
  } catch {
    return 0;
  }
}

/** Whether a process exists; also one of another user. */
export function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
