import { readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { QtError } from "../../errors/qt-error";
import { readIfExists, writeDurably } from "./durable-file";

interface Holder {
  readonly pid: number;
  /** Tells a process from a later one of the same id; only Linux says. */
  readonly startedAt?: string;
}

/**
 * One process at a time writes a folder. A holder that was killed no longer counts.
 * @returns the function that gives the folder free.
 * @throws QtError QT6004 where a live process holds it.
 */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  const path = join(folder, "lock.json");
  const holder = parse(await readIfExists(path));
  if (holder !== undefined && holder.pid !== process.pid && isAlive(holder)) {
    throw new QtError("QT6004", { folder, pid: holder.pid });
  }
  await writeDurably(path, `${JSON.stringify(describe(process.pid))}\n`);
  return () => rm(path, { force: true });
}

function parse(text: string | undefined): Holder | undefined {
  try {
    return text === undefined ? undefined : (JSON.parse(text) as Holder);
  } catch {
    return undefined;
  }
}

function describe(pid: number): Holder {
  const startedAt = startTime(pid);
  return startedAt === undefined ? { pid } : { pid, startedAt };
}

function isAlive({ pid, startedAt }: Holder): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
  }
  return startedAt === undefined || startTime(pid) === startedAt;
}

/** Clock ticks since boot at which the process started: field 22 of /proc/<pid>/stat, after the name in parentheses. */
function startTime(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
  } catch {
    return undefined;
  }
}
