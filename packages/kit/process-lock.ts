import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { isJsonObject } from "./json-object";

/** The holder of a lock, as in its file. */
interface Holder {
  readonly pid: number;
  /** Distinguishes a process from a later one with the same id; only Linux provides it. */
  readonly startedAt?: string | undefined;
}

/** The locks of this process. A lock file with only an id may be of an earlier process that had this id, as in a container. */
const held = new Set<string>();

/**
 * Takes a lock, unless a live process has it.
 * @param file exists until `unlock`; contains the process's id.
 * @returns the id of the process that has it; undefined if it is now this one.
 */
export function tryLock(file: string): number | undefined {
  // A link appears with its content and never replaces another, so of two processes that try at once only one succeeds.
  const own = `${file}.${process.pid}`;
  writeFileSync(own, `${JSON.stringify(thisProcess())}\n`, { mode: 0o600 });
  try {
    while (!linked(own, file)) {
      const pid = lockHolder(file);
      if (pid !== undefined) return pid;
      removeDeadLock(file);
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
 * Does the work while no other process works under the same lock.
 * @param onWait called once if it must wait for another process.
 */
export async function withLock<T>(file: string, onWait: () => void, work: () => Promise<T>): Promise<T> {
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

/** The id of the live process that has a lock; undefined if there is none. */
export function lockHolder(file: string): number | undefined {
  const holder = readHolder(file);
  if (holder === undefined || !isRunning(holder)) return undefined;
  // Without a start time, this process's own id does not show which process wrote it.
  const isEarlier = holder.pid === process.pid && holder.startedAt === undefined && !held.has(file);
  return isEarlier ? undefined : holder.pid;
}

/** True if a process exists, even one of another user. False for a zombie, whose exit nobody collected. */
export function isAlive(pid: number): boolean {
  return isRunning({ pid });
}

function isRunning({ pid, startedAt }: Holder): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EPERM") return false;
  }
  const stat = processStat(pid);
  if (stat?.state === "Z") return false;
  return startedAt === undefined || stat === undefined || stat.startedAt === startedAt;
}

function thisProcess(): Holder {
  return { pid: process.pid, startedAt: processStat(process.pid)?.startedAt };
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

/** Removes the lock of a dead process. If another process has meanwhile taken the lock, it gets the lock back. */
function removeDeadLock(file: string): void {
  const taken = `${file}.${process.pid}.old`;
  try {
    renameSync(file, taken);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
    throw error;
  }
  if (lockHolder(taken) !== undefined) linked(taken, file);
  rmSync(taken, { force: true });
}

/** A file with only an id is of an earlier version. */
function readHolder(file: string): Holder | undefined {
  try {
    const content: unknown = JSON.parse(readFileSync(file, "utf8"));
    if (typeof content === "number") return { pid: content };
    return isJsonObject(content) ? (content as unknown as Holder) : undefined;
  } catch {
    return undefined;
  }
}

/** `/proc/<pid>/stat` after the name in parentheses: the state, and as field 22 the clock ticks since boot at the start. */
function processStat(pid: number): { state: string | undefined; startedAt: string | undefined } | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return { state: fields[0], startedAt: fields[19] };
  } catch {
    return undefined;
  }
}
