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
  /** Null if a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** The request to stop that it got before it ended. */
  readonly stopped: "soon" | "now" | undefined;
}

/** Flags of a run that nobody watches. */
export const unattended = ["--non-interactive", "--color", "never"] as const;

/** How long Pulumi may take to end after a request to stop at once. */
const LEAVE_MS = 5_000;

/** Runs the Pulumi CLI once and passes on a request to stop. */
export async function runPulumiChild(
  args: readonly string[],
  { binary, root, stop }: PulumiChildOptions,
): Promise<PulumiEnd> {
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    PULUMI_SKIP_UPDATE_CHECK: "true",
    // The CLI accepts --event-log only with this; the Automation API sets it too.
    PULUMI_DEBUG_COMMANDS: "true",
  };
  delete env[SECRET_VARIABLE];
  const child = spawn(binary, [...args], {
    cwd: root,
    env,
    stdio: ["ignore", "pipe", "pipe"],
    // Its own group: otherwise Pulumi would get the terminal's Ctrl-C and ours, and takes a second one as "now".
    detached: process.platform !== "win32",
  });
  let stopped: "soon" | "now" | undefined;
  let kill: NodeJS.Timeout | undefined;
  const endListening = stop.listen((how) => {
    stopped = how;
    // A second SIGINT is Pulumi's own "terminate now": it cancels the work of its providers, which our signals cannot reach.
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
 * `SIGINT` goes only to Pulumi, which ends its children in order. `SIGKILL` goes to its group, but does not reach its plugins: Pulumi
 * puts each into a separate group (`cmdutil.RegisterProcessGroup`).
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
