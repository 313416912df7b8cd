import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";

/** Locks of this process: one that only names its id is of an earlier process, as a container has them again and again. */
const held = new Set<string>();

/**
 * Takes a lock, where no live process has it.
 * @param file made until `unlock`; holds the process id.
 * @returns the id of the process that has it, or undefined: it is this one now.
 */
export function tryLock(file: string): number | undefined {
  // A link appears with its content and never replaces another: of two that begin at once, one gets it.
  const own = `${file}.${process.pid}`;
  writeFileSync(own, `${process.pid}\n`);
  try {
    while (!linked(own, file)) {
      const pid = liveHolder(file, held.has(file));
      if (pid !== undefined) return pid;
      takeAway(file);
    }
  } finally {
    rmSync(own, { force: true });
  }
  held.add(file);
  return undefined;
}

export function unlock(file: string): void {
  held.delete(file);
  rmSync(file, { force: true });
}

/**
 * Does the work while no other process does work under the same lock.
 * @param onWait called once where another process has to be waited for.
 */
export async function withFileLock<T>(file: string, onWait: () => void, work: () => Promise<T>): Promise<T> {
  for (let waits = 0; tryLock(file) !== undefined; waits++) {
    if (waits === 0) onWait();
    await delay(200);
  }
  try {
    return await work();
  } finally {
    unlock(file);
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

function linked(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

/** Removes the lock of a process that died; another one may have been faster and hold it by now: then it gets it back. */
function takeAway(file: string): void {
  const taken = `${file}.${process.pid}.old`;
  try {
    renameSync(file, taken);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
    throw error;
  }
  if (liveHolder(taken, false) !== undefined) linked(taken, file);
  rmSync(taken, { force: true });
}

/** The live process that a lock names. @param own whether this one counts */
function liveHolder(file: string, own: boolean): number | undefined {
  let pid: number;
  try {
    pid = Number(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
  return isAlive(pid) && (own || pid !== process.pid) ? pid : undefined;
}
