import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { tailEventLog } from "./event-log-tail";
import { fleetCommand, outcomeOf, type Status, type TenantOutcome, type Verb } from "./outcome";
import { type PulumiChildOptions, type PulumiEnd, runPulumiChild } from "./pulumi-child";
import { readRunLog } from "./run-log";
import { CUT_SHORT, type StackChanges } from "./summary";

export interface PulumiStackOptions extends PulumiChildOptions {
  /** With `up`: refresh the state from Azure first. */
  readonly refresh?: boolean;
  onProgress(text: string): void;
}

const unattended = ["--non-interactive", "--color", "never"];

/**
 * Arguments of the CLI, without the stack and the event log. `up` and `destroy` keep their preview, which refuses to delete protected
 * resources before anything is done, not after everything else has been deleted.
 */
const commands: Readonly<Record<Verb, readonly string[]>> = {
  preview: ["preview", "--suppress-outputs"],
  up: ["up", "--yes", "--suppress-outputs"],
  drift: ["refresh", "--preview-only", "--suppress-outputs"],
  outputs: ["stack", "output", "--json"],
  destroy: ["destroy", "--yes", "--suppress-outputs"],
};

/** Runs Pulumi for one stack in a separate process. Never throws: errors are part of the outcome. */
export async function runPulumiStack(
  verb: Verb,
  tenant: string,
  options: PulumiStackOptions,
): Promise<TenantOutcome> {
  const started = performance.now();
  const took = () => Math.round(performance.now() - started);
  let folder: string | undefined;
  let endTail = () => {};
  try {
    folder = mkdtempSync(join(tmpdir(), "qt-fleet-"));
    const log = join(folder, "events.json");
    const args = [...commands[verb], "--stack", tenant, ...unattended];
    if (verb === "up" && options.refresh) args.push("--refresh");
    if (verb !== "outputs") {
      args.push("--event-log", log);
      endTail = tailEventLog(log, options.onProgress);
    }
    const ended = await runPulumiChild(args, options);
    const events = existsSync(log) ? readFileSync(log, "utf8") : "";
    return { ...toOutcome(verb, tenant, ended, events), durationMs: took() };
  } catch (error) {
    return outcomeOf(tenant, "failed", (error as Error).message, { durationMs: took() });
  } finally {
    endTail();
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  }
}

function toOutcome(verb: Verb, tenant: string, ended: PulumiEnd, events: string): TenantOutcome {
  const { code, stdout, stopped } = ended;
  const isDone = code === 0;
  const status: Status = isDone ? "done" : stopped === undefined ? "failed" : "stopped";
  // What a stack needs first if Pulumi was not allowed to finish.
  const next =
    status === "stopped" && stopped === "now" && isChanging(verb)
      ? `pulumi cancel --stack ${tenant} --yes, then pulumi refresh --stack ${tenant}, then ${fleetCommand(verb, false, "--tenant", tenant)}`
      : undefined;
  const rest = next === undefined ? {} : { next };
  if (isDone && verb === "outputs") {
    return { ...outcomeOf(tenant, "done"), outputs: JSON.parse(stdout) as Record<string, unknown> };
  }
  if (events === "") return outcomeOf(tenant, status, isDone ? undefined : reasonOf(ended), rest);
  const { changes, unreadable, isPreviewOnly } = readRunLog(verb, tenant, events);
  const problems = problemsOf(changes, status, ended);
  if (status === "failed" && isPreviewOnly && code !== null) {
    problems.push("Nothing was done: it failed in Pulumi's preview, before the first step.");
  }
  if (unreadable > 0) {
    problems.push(`${unreadable} lines of Pulumi's event log could not be read: more may have changed.`);
  }
  // A preview or a drift check that missed something must not look like one that found nothing.
  const isIncomplete = unreadable > 0 && isDone && !isChanging(verb);
  return {
    ...outcomeOf(tenant, isIncomplete ? "failed" : status, undefined, rest),
    changes: { ...changes, problems },
  };
}

const isChanging = (verb: Verb) => verb === "up" || verb === "destroy";

/** The engine's problems; if it reported no reason for its end, the reason from its process. */
function problemsOf({ problems, stack }: StackChanges, status: Status, ended: PulumiEnd): string[] {
  if (status === "done") return [...problems];
  const said = problems.filter((problem) => problem !== CUT_SHORT);
  const [reason = ""] = outcomeOf(stack, status, reasonOf(ended)).changes.problems;
  if (status === "stopped") return [reason, ...said];
  return said.length > 0 ? said : [reason];
}

function reasonOf({ code, stdout, stderr, stopped }: PulumiEnd): string {
  if (stopped === "now") return "Ended at once: Pulumi may not have recorded its last changes.";
  if (stopped === "soon") {
    return "Stopped: Pulumi finished and recorded what it had started; the rest was not started.";
  }
  const signal = "pulumi was ended by a signal, for example because the system ran out of memory";
  return (
    lastLines(stderr) || lastLines(stdout) || (code === null ? signal : `pulumi ended with code ${code}`)
  );
}

function lastLines(output: string): string {
  return output
    .split("\n")
    .map((line) => line.replace(/^error: /, "").trimEnd())
    .filter((line) => line !== "")
    .slice(-5)
    .join("\n");
}
