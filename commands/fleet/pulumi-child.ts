import { type ChildProcess, spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { SECRET_VARIABLE } from "../tenant/run-pulumi";
import type { StopRequest } from "./run";

export interface PulumiChildOptions {
  /** The Pulumi CLI. */
  readonly binary: string;
  /** Folder of the project. */
  readonly root: string;
  readonly stop: StopRequest;
}

/** How a Pulumi process ended. */
export interface PulumiEnd {
  /** None where a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** What was asked of it before it ended. */
  readonly stopped: "soon" | "now" | undefined;
}

/** How long Pulumi may take to end after it was asked to do so at once. */
const LEAVE_MS = 5_000;

/** Runs the Pulumi CLI once. A request to stop is passed on to it. */
export async function runPulumiChild(
  args: readonly string[],
  { binary, root, stop }: PulumiChildOptions,
): Promise<PulumiEnd> {
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    PULUMI_SKIP_UPDATE_CHECK: "true",
    // The CLI takes --event-log only then; the Automation API does the same.
    PULUMI_DEBUG_COMMANDS: "true",
  };
  delete env[SECRET_VARIABLE];
  const child = spawn(binary, [...args], {
    cwd: root,
    env,
    stdio: ["ignore", "pipe", "pipe"],
    // A group of its own: a terminal's Ctrl-C would reach Pulumi beside ours, and to Pulumi a second one means "now".
    detached: process.platform !== "win32",
  });
  let stopped: "soon" | "now" | undefined;
  let kill: NodeJS.Timeout | undefined;
  const endListening = stop.listen((how) => {
    stopped = how;
    // The second one is Pulumi's own "terminate now": it cancels what its providers are at, which no signal of ours would reach.
    signal(child, "SIGINT");
    if (how === "now") kill ??= setTimeout(() => signal(child, "SIGKILL"), LEAVE_MS);
  });
  try {
    const ended = new Promise<number | null>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", resolve);
    });
    const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
    return { code, stdout, stderr, stopped };
  } finally {
    clearTimeout(kill);
    endListening();
  }
}

/**
 * `SIGINT` goes to Pulumi alone, which ends its own children in order. A kill takes its group, but not its plugins: Pulumi puts each
 * into a group of its own (`cmdutil.RegisterProcessGroup`).
 */
function signal(child: ChildProcess, name: "SIGINT" | "SIGKILL"): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  if (name === "SIGINT" || process.platform === "win32") child.kill(name);
  else {
    try {
      process.kill(-child.pid, name);
    } catch {
      // It has just ended.
    }
  }
}
