import { stackName } from "../../tenants/stack-name";
import { fleetCommand, outcomeOf, type Status, type TenantOutcome, type Verb } from "./outcome";
import type { PulumiEnd } from "./pulumi-child";
import { readRunLog } from "./run-log";
import { CUT_SHORT, type StackChanges } from "./summary";

/** What became of a stack. @param events Pulumi's event log; empty if it wrote none. */
export function pulumiOutcome(verb: Verb, tenant: string, ended: PulumiEnd, events: string): TenantOutcome {
  const { code, stdout, stopped } = ended;
  const isDone = code === 0;
  const status: Status = isDone ? "done" : stopped === undefined ? "failed" : "stopped";
  // What a stack needs first if Pulumi was not allowed to finish.
  const next =
    status === "stopped" && stopped === "now" && isChanging(verb)
      ? `pulumi cancel --stack ${stackName(tenant)} --yes, then ${fleetCommand(verb, false, "--tenant", tenant)}`
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
