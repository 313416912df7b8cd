import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { SECRET_VARIABLE } from "../tenants/run-pulumi";
import { tailEventLog } from "./event-log-tail";
import { outcomeOf, type TenantOutcome, type Verb } from "./outcome";
import type { StopRequest } from "./run";
import { CUT_SHORT, readEventLog } from "./summary";

export interface PulumiStackOptions {
  /** The Pulumi CLI. */
  readonly binary: string;
  /** Folder of the project. */
  readonly root: string;
  readonly stop: StopRequest;
  onProgress(text: string): void;
}

const unattended = ["--non-interactive", "--color", "never"];

/** Arguments of the CLI, all but the stack and the event log. */
const commands: Readonly<Record<Exclude<Verb, "outputs">, readonly string[]>> = {
  preview: ["preview", "--suppress-outputs"],
  up: ["up", "--yes", "--skip-preview", "--suppress-outputs"],
  drift: ["refresh", "--preview-only", "--suppress-outputs"],
  destroy: ["destroy", "--yes", "--skip-preview", "--suppress-outputs"],
};

/** Runs Pulumi for one stack, in a process of its own. Never throws: what went wrong is the outcome. */
export async function runPulumiStack(
  verb: Verb,
  tenant: string,
  options: PulumiStackOptions,
): Promise<TenantOutcome> {
  const started = performance.now();
  const folder = mkdtempSync(join(tmpdir(), "qt-fleet-"));
  const log = join(folder, "events.json");
  const args =
    verb === "outputs"
      ? ["stack", "output", "--json", "--stack", tenant, ...unattended]
      : [...commands[verb], "--stack", tenant, "--event-log", log, ...unattended];
  const endTail = verb === "outputs" ? () => {} : tailEventLog(log, options.onProgress);
  try {
    const ended = await runChild(args, options);
    const events = existsSync(log) ? readFileSync(log, "utf8") : "";
    return toOutcome(verb, tenant, ended, events, performance.now() - started);
  } catch (error) {
    return outcomeOf(tenant, "failed", (error as Error).message);
  } finally {
    endTail();
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly stopped: "soon" | "now" | undefined;
}

async function runChild(args: readonly string[], { binary, root, stop }: PulumiStackOptions): Promise<Ended> {
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
  const endListening = stop.listen((how) => {
    stopped = how;
    signal(child, how === "soon" ? "SIGINT" : "SIGKILL");
  });
  try {
    const ended = new Promise<number | null>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", resolve);
    });
    const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
    return { code, stdout, stderr, stopped };
  } finally {
    endListening();
  }
}

/** `SIGINT` goes to Pulumi alone, which ends its own children in order; a kill takes all of them. */
function signal(child: ChildProcess, name: "SIGINT" | "SIGKILL"): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  if (name === "SIGINT" || process.platform === "win32") child.kill(name);
  else process.kill(-child.pid, name);
}

/** What a stack needs after Pulumi was not allowed to finish. */
function nextAfter(verb: Verb, tenant: string, stopped: "soon" | "now" | undefined): string | undefined {
  if (verb !== "up" && verb !== "destroy") return undefined;
  const again = `npm run fleet -- ${verb} --tenant ${tenant}`;
  return stopped === "now"
    ? `pulumi cancel --stack ${tenant} --yes, then pulumi refresh --stack ${tenant}, then ${again}`
    : again;
}

function toOutcome(verb: Verb, tenant: string, ended: Ended, events: string, took: number): TenantOutcome {
  const { code, stdout, stderr, stopped } = ended;
  const durationMs = Math.round(took);
  const done = code === 0;
  const status = done ? "done" : stopped === undefined ? "failed" : "stopped";
  const next = done ? undefined : nextAfter(verb, tenant, stopped);
  const rest = { durationMs, ...(next === undefined ? {} : { next }) };
  if (verb === "outputs" && done) {
    return {
      ...outcomeOf(tenant, "done"),
      durationMs,
      outputs: JSON.parse(stdout) as Record<string, unknown>,
    };
  }
  const reason =
    stopped === "now"
      ? "Ended at once, before Pulumi could write down what it was at."
      : stopped === "soon"
        ? "Stopped: what was begun is finished and written down, the rest is not begun."
        : lastLines(stderr) || lastLines(stdout) || `pulumi ended with code ${code}`;
  if (events === "") return outcomeOf(tenant, status, done ? undefined : reason, rest);
  const changes = readEventLog(events, { stack: tenant, source: `The event log of ${tenant}` });
  if (done || changes.problems.some((problem) => problem !== CUT_SHORT)) {
    return { tenant, status, changes, ...rest };
  }
  // The engine said nothing of it: then what its process said.
  const told = outcomeOf(tenant, status, reason).changes.problems;
  return { tenant, status, changes: { ...changes, problems: told }, ...rest };
}

function lastLines(output: string): string {
  return output
    .split("\n")
    .map((line) => line.replace(/^error: /, "").trimEnd())
    .filter((line) => line !== "")
    .slice(-5)
    .join("\n");
}
