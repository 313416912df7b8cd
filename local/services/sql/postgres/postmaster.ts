import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";

const run = promisify(execFile);

/** What PostgreSQL writes into `postmaster.pid` of its data folder. */
export interface Postmaster {
  readonly pid: number;
  readonly dataFolder: string;
  /** `starting`, `ready`, `stopping` */
  readonly status: string;
}

/** Reads `postmaster.pid`; undefined where it is missing or half written. */
export async function readPostmaster(dataFolder: string): Promise<Postmaster | undefined> {
  const text = await readFile(join(dataFolder, "postmaster.pid"), "utf8").catch(() => "");
  const lines = text.split("\n");
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 0 || lines.length < 2) return undefined;
  return { pid, dataFolder: (lines[1] ?? "").trim(), status: (lines[7] ?? "").trim() };
}

/**
 * Stops a server that a killed stand-in left behind on our data folder. A process is only touched where its own command
 * line names that folder, so a recycled process id is safe. (A stand-in that still runs holds the lock of the folder.)
 */
export async function stopOrphan(dataFolder: string): Promise<void> {
  const left = await readPostmaster(dataFolder);
  if (left === undefined || resolve(left.dataFolder) !== resolve(dataFolder) || !isAlive(left.pid)) return;
  if (!(await commandLine(left.pid)).includes(dataFolder)) return;
  signal(left.pid, "SIGINT");
  if (await ended(left.pid, 10_000)) return;
  signal(left.pid, "SIGQUIT");
  await ended(left.pid, 10_000);
}

function isAlive(pid: number): boolean {
  return signal(pid, 0);
}

function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, name);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

async function ended(pid: number, withinMs: number): Promise<boolean> {
  const until = Date.now() + withinMs;
  while (isAlive(pid)) {
    if (Date.now() > until) return false;
    await delay(20);
  }
  return true;
}

/** Empty where the process is gone. `ps` is missing in slim containers, /proc on macOS. */
async function commandLine(pid: number): Promise<string> {
  try {
    if (process.platform === "linux")
      return (await readFile(`/proc/${pid}/cmdline`, "utf8")).replaceAll("\0", " ");
    return (await run("ps", ["-o", "command=", "-p", String(pid)])).stdout;
  } catch {
    return "";
  }
}
