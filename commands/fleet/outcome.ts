import { changesFromEvents, count, failedPreview, type StackChanges } from "./summary";
import { tellingLine } from "./telling-line";

export const verbs = ["preview", "up", "drift", "outputs", "destroy", "cancel"] as const;
export type Verb = (typeof verbs)[number];

/** `stopped`: a signal ended it before it was done. */
export type Status = "done" | "failed" | "stopped" | "not started";

/** The result for one tenant. */
export interface TenantOutcome {
  readonly tenant: string;
  readonly status: Status;
  /** What was or would be changed; with `failed` and `stopped`, up to that point, with the reason in its problems. */
  readonly changes: StackChanges;
  /** Only for the verb `outputs`, with secrets as `[secret]`. */
  readonly outputs?: Readonly<Record<string, unknown>>;
  readonly durationMs: number;
  /** What to run next, if something is left to do. */
  readonly next?: string;
}

/** The command line of a run, for suggestions: `npm run fleet -- up --local --resume`. */
export function fleetCommand(verb: Verb, isLocal: boolean, ...rest: readonly string[]): string {
  return ["npm run fleet --", verb, ...(isLocal ? ["--local"] : []), ...rest].join(" ");
}

/** The command's exit codes; docs/fleet.md documents them for pipelines. */
export const exitCodes = { done: 0, failed: 1, notBegun: 2, drift: 3, interrupted: 130 } as const;

/** The exit code of a run that started. */
export function exitCodeOf(verb: Verb, outcomes: readonly TenantOutcome[], interrupted: boolean): number {
  if (interrupted) return exitCodes.interrupted;
  if (outcomes.some(({ status }) => status !== "done")) return exitCodes.failed;
  if (verb === "drift" && outcomes.some(({ changes }) => changes.steps.length > 0)) return exitCodes.drift;
  return exitCodes.done;
}

/** An outcome of which only the reason is known. */
export function outcomeOf(
  tenant: string,
  status: Status,
  reason?: string,
  rest: { readonly durationMs?: number; readonly next?: string } = {},
): TenantOutcome {
  const none = () => changesFromEvents([{ sequence: 0, summaryEvent: {} }], { stack: tenant });
  const changes = reason === undefined ? none() : failedPreview(tenant, reason);
  return { tenant, status, changes, durationMs: 0, ...rest };
}

/** `2 updates, 1 create`, `no changes`, or the line that tells the reason: `failed: No quota`. */
export function outcomeText({ status, changes, outputs }: TenantOutcome): string {
  const said = tellingLine(changes.problems);
  if (status === "failed") return said === undefined ? status : `failed: ${said}`;
  if (status === "stopped") return said ?? status;
  if (status === "not started") return status;
  if (outputs !== undefined) return count(Object.keys(outputs).length, "output");
  const counts = new Map<string, number>();
  for (const { op } of changes.steps) counts.set(op, (counts.get(op) ?? 0) + 1);
  return [...counts].map(([op, number]) => count(number, op)).join(", ") || "no changes";
}
