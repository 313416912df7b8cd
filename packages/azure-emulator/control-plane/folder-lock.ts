import { readFileSync } from "node:fs";
import { link, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { EmulatorError } from "../errors/emulator-error";
import { OWNER_ONLY, readIfExists } from "./durable-file";

interface Holder {
  readonly pid: number;
  /** Tells a process from a later one of the same id; only Linux says. */
  readonly startedAt?: string;
}

/**
 * One process at a time writes a folder. A holder that was killed no longer counts.
 * @returns the function that gives the folder free.
 * @throws EmulatorError QT6004 where a live process holds it.
 */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  const path = lockOf(folder);
  // A link appears with its content and never replaces another: of two processes that start at once, one gets the folder.
  const own = `${path}.${process.pid}`;
  await writeFile(own, `${JSON.stringify(describe(process.pid))}\n`, { mode: OWNER_ONLY });
  try {
    while (!(await linked(own, path))) {
      const pid = await folderHolder(folder);
      if (pid !== undefined && pid !== process.pid) throw new EmulatorError("QT6004", { folder, pid });
      await takeAway(path);
    }
  } finally {
    await rm(own, { force: true });
  }
  return () => rm(path, { force: true });
}

/** Id of the live process that holds a folder; undefined where none does. */
export async function folderHolder(folder: string): Promise<number | undefined> {
  const holder = await readHolder(lockOf(folder));
  return holder !== undefined && isAlive(holder) ? holder.pid : undefined;
}

const lockOf = (folder: string) => join(folder, "lock.json");

async function linked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

/** Removes the lock of a dead process; where another one was faster and has locked by now, it gets its lock back. */
async function takeAway(path: string): Promise<void> {
  const taken = `${path}.${process.pid}.old`;
  try {
    await rename(path, taken);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
    throw error;
  }
  const holder = await readHolder(taken);
  if (holder !== undefined && holder.pid !== process.pid && isAlive(holder)) await linked(taken, path);
  await rm(taken, { force: true });
}

async function readHolder(path: string): Promise<Holder | undefined> {
  const text = await readIfExists(path);
  try {
    return text === undefined ? undefined : (JSON.parse(text) as Holder);
  } catch {
    return undefined;
  }
}

function describe(pid: number): Holder {
  const startedAt = processStat(pid)?.startedAt;
  return startedAt === undefined ? { pid } : { pid, startedAt };
}

function isAlive({ pid, startedAt }: Holder): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
  }
  const stat = processStat(pid);
  // Where nobody collects ended processes (a container without an init) a zombie keeps its id.
  if (stat?.state === "Z") return false;
  return startedAt === undefined || stat?.startedAt === startedAt;
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
