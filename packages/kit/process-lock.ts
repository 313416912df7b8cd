import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { isJsonObject } from "./json-object";

/** Who has a lock, as its file says. */
interface Holder {
  readonly pid: number;
  /** Tells a process from a later one with the same id; only Linux says. */
  readonly startedAt?: string | undefined;
}

/** Locks of this process: if its file names only an id, another with this id may be an earlier process, as in a container. */
const held = new Set<string>();

/**
 * Takes a lock, unless a live process has it.
 * @param file made until `unlock`; names the process.
 * @returns the id of the process that has it; undefined: it is this one now.
 */
export function tryLock(file: string): number | undefined {
  // A link appears with its content and never replaces another: of two that begin at once, one gets it.
  const own = `${file}.${process.pid}`;
  writeFileSync(own, `${JSON.stringify(thisProcess())}\n`, { mode: 0o600 });
  try {
    while (!linked(own, file)) {
      const pid = lockHolder(file);
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
 * @param onWait called once if another process has to be waited for.
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

/** Id of the live process that has a lock; undefined if none has. */
export function lockHolder(file: string): number | undefined {
  const holder = readHolder(file);
  if (holder === undefined || !lives(holder)) return undefined;
  // Without its start an id of this process says nothing of who wrote it.
  const isEarlier = holder.pid === process.pid && holder.startedAt === undefined && !held.has(file);
  return isEarlier ? undefined : holder.pid;
}

/** Whether a process exists, also one of another user. A zombie, whose end nobody collected, does not. */
export function isAlive(pid: number): boolean {
  return lives({ pid });
}

function lives({ pid, startedAt }: Holder): boolean {
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

/** Removes the lock of a process that died; another one may have been faster and hold it by now: then it gets it back. */
function takeAway(file: string): void {
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

/** A file that names an id alone is of an earlier version. */
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
