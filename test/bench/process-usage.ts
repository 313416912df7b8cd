import { readdirSync, readFileSync } from "node:fs";

/** The processes of a benchmark's emulator. */
export type Part = "emulator" | "function" | "PostgreSQL";

/** A process as the system reports it. */
interface Usage {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
  /** CPU time of the process and of its children that have ended. */
  readonly cpuSeconds: number;
}

/** Clock ticks a second: 100 on every Linux that Node runs on. */
const TICKS = 100;

/** CPU seconds so far, by part; without the other processes if the system has no /proc. */
export function cpuByPart(): ReadonlyMap<Part, number> {
  const seconds = new Map<Part, number>();
  for (const { pid, command, cpuSeconds } of family()) {
    const part = partOf(command);
    if (pid !== process.pid && part !== undefined) seconds.set(part, (seconds.get(part) ?? 0) + cpuSeconds);
  }
  const { user, system } = process.cpuUsage();
  return seconds.set("emulator", (user + system) / 1e6);
}

/** Peak resident memory of the function's process in MB; NaN if the system does not report it. */
export function functionPeakMegabytes(): number {
  const worker = family().find(({ command }) => partOf(command) === "function");
  return worker === undefined ? Number.NaN : peakMegabytes(worker.pid);
}

/** Peak resident memory of a process in MB (VmHWM), by default of this one; NaN if the system does not report it. */
export function peakMegabytes(pid = process.pid): number {
  const status = read(`/proc/${pid}/status`) ?? "";
  return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]) / 1024;
}

/** CPU seconds so far of this process and its ended children. */
export function cpuSeconds(): number {
  return usageOf(String(process.pid))?.cpuSeconds ?? Number.NaN;
}

/** Current resident memory of all descendants of this process, in MB. */
export function childrenMegabytes(): number {
  const children = family().filter(({ pid }) => pid !== process.pid);
  return children.reduce((sum, { pid }) => {
    const status = read(`/proc/${pid}/status`) ?? "";
    return sum + Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0) / 1024;
  }, 0);
}

function partOf(command: string): Part | undefined {
  if (command.includes("functions-worker")) return "function";
  return command.includes("postgres") ? "PostgreSQL" : undefined;
}

/** This process and all its descendants. */
function family(): Usage[] {
  let pids: string[] = [];
  try {
    pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  } catch {
    // No /proc, so nothing is known.
  }
  const all = pids.flatMap((pid) => usageOf(pid) ?? []);
  const found = all.filter(({ pid }) => pid === process.pid);
  // The list grows during the loop, to include children of children.
  for (const { pid } of found) found.push(...all.filter(({ parent }) => parent === pid));
  return found;
}

/** Undefined if the process has ended meanwhile. */
function usageOf(pid: string): Usage | undefined {
  const stat = read(`/proc/${pid}/stat`);
  const command = read(`/proc/${pid}/cmdline`);
  if (stat === undefined || command === undefined) return undefined;
  // The name, in parentheses, may contain anything; fields 4 and 14 to 17 follow it (proc_pid_stat(5)).
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
  return { pid: Number(pid), parent: Number(fields[1]), command, cpuSeconds: ticks / TICKS };
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
