import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";

const run = promisify(execFile);

/** The content of `postmaster.pid` in PostgreSQL's data folder. */
export interface Postmaster {
  readonly pid: number;
  readonly dataFolder: string;
  /** `starting`, `ready`, `stopping` */
  readonly status: string;
}

/** Reads `postmaster.pid`; undefined if it is missing or incomplete. */
export async function readPostmaster(dataFolder: string): Promise<Postmaster | undefined> {
  const text = await readFile(join(dataFolder, "postmaster.pid"), "utf8").catch(() => "");
  const lines = text.split("\n");
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 0 || lines.length < 2) return undefined;
  return { pid, dataFolder: (lines[1] ?? "").trim(), status: (lines[7] ?? "").trim() };
}

/**
 * Stops a server that a killed emulator left running on our data folder. It touches a process only if the process's command
 * line names that folder, so a recycled process id is safe. (An emulator that still runs holds the lock of the folder.)
 */
export async function stopOrphan(dataFolder: string): Promise<void> {
  const left = await readPostmaster(dataFolder);
  if (left === undefined || resolve(left.dataFolder) !== resolve(dataFolder)) return;
  for (const signal of ["SIGINT", "SIGQUIT"] as const) {
    if (!(await runs(left.pid, dataFolder))) return;
    process.kill(left.pid, signal);
    const until = Date.now() + patienceMs;
    while (Date.now() < until && (await runs(left.pid, dataFolder))) await delay(10);
  }
}

/** The time for an orderly shutdown. After it PostgreSQL is stopped at once and must recover at its next start. */
const patienceMs = 10_000;

/** By the command line, which disappears even if nobody collects the ended process (containers without an init). */
async function runs(pid: number, dataFolder: string): Promise<boolean> {
  return (await commandLine(pid)).includes(dataFolder);
}

/** Empty if the process is gone. `ps` is missing in slim containers, /proc on macOS. */
async function commandLine(pid: number): Promise<string> {
  try {
    if (process.platform === "linux")
      return (await readFile(`/proc/${pid}/cmdline`, "utf8")).replaceAll("\0", " ");
    return (await run("ps", ["-o", "command=", "-p", String(pid)])).stdout;
  } catch {
    return "";
  }
}
