import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import readline from "node:readline";
import type { Readable, Writable } from "node:stream";
import type { StartedCase } from "./runbook-case-server";
import type { CaseEnd } from "./runbook-cases";

const hostScript = path.join(__dirname, "case-host.ps1");

/** One PowerShell process that runs many jobs, one after the other, each in its own runspace. */
export interface CaseHost {
  /** Runs the script in `file` on a case; stops it after `seconds`. */
  run(file: string, started: StartedCase, seconds?: number): Promise<CaseEnd>;
  close(): Promise<void>;
}

/** `likeWindows` imitates Windows PowerShell 5.1, as far as windows-powershell.ps1 does. @throws Error at the first case if `command` cannot be run. */
export function startCaseHost(command = "pwsh", { likeWindows = false } = {}): CaseHost {
  let child: ChildProcessByStdio<Writable, Readable, null> | undefined;
  let lines: AsyncIterator<string> | undefined;

  const open = () => {
    const args = ["-NoProfile", "-NonInteractive", "-ExecutionPolicy", "Bypass", "-File", hostScript];
    // Far from UTC, so that a mistake of local time for UTC shows.
    const env = { ...process.env, TZ: "Asia/Kathmandu" };
    child = spawn(command, args, { stdio: ["pipe", "pipe", "inherit"], env });
    child.on("error", () => {});
    child.stdin.on("error", () => {});
    lines = readline.createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    return { child, lines };
  };

  const close = async () => {
    const ending = child;
    if (ending === undefined || ending.exitCode !== null) return;
    child = undefined;
    const exited = once(ending, "close");
    ending.stdin.end();
    // A stopped job may still hold the process.
    const patience = setTimeout(() => ending.kill("SIGKILL"), 5_000);
    await exited;
    clearTimeout(patience);
  };

  return {
    async run(file, started, seconds = 10) {
      const host = child !== undefined && lines !== undefined ? { child, lines } : open();
      const line = JSON.stringify({ ...started, runbook: file, seconds, likeWindows });
      host.child.stdin.write(
        `${line.replace(/[^\0-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)}\n`,
      );
      const { value, done } = await host.lines.next();
      if (done) throw new Error(`${command} ended without an answer.`);
      const ended = JSON.parse(value) as CaseEnd;
      // Its runspace may still be running: the next case starts another process.
      if (ended.timedOut) await close();
      return ended;
    },
    close,
  };
}
