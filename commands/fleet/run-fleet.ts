import { setTimeout as sleep } from "node:timers/promises";
import { CodedError } from "../../packages/kit/errors/coded-error";
import { fleetCommand, outcomeOf, type TenantOutcome, type Verb } from "./outcome";
import type { RunEvent, Runner, StopRequest } from "./run";
import type { RunRecord } from "./run-record";

/** How many tenants may fail without stopping the next ring: a number, or a percentage of those that ran so far. */
export interface Threshold {
  readonly most: number;
  readonly isPercent: boolean;
}

export interface Ring {
  readonly ring: string;
  readonly tenants: readonly string[];
}

export interface FleetRun {
  readonly verb: Verb;
  readonly isLocal: boolean;
  /** One after the other; a run without rings is one ring. */
  readonly rings: readonly Ring[];
  readonly parallel: number;
  readonly refresh: boolean;
  /** The wait between two rings, in milliseconds. */
  readonly waitMs: number;
  readonly maxFailures: Threshold;
  readonly runner: Runner;
  readonly stop: StopRequest;
  readonly record?: RunRecord | undefined;
  onEvent(event: RunEvent): void;
}

/**
 * Runs ring after ring. Every tenant gets an outcome, in the order of the rings; once something has started, even if a ring cannot
 * start.
 * @throws What the runner threw before anything had started.
 */
export async function runFleet(run: FleetRun): Promise<TenantOutcome[]> {
  const outcomes = new Map<string, TenantOutcome>();
  let isBegun = false;
  const onEvent = (event: RunEvent) => {
    if (event.kind !== "ended") {
      isBegun ||= event.kind === "started";
      return run.onEvent(event);
    }
    const outcome = withNext(event.outcome, run);
    isBegun = true;
    outcomes.set(outcome.tenant, outcome);
    run.record?.set(outcome.tenant, outcome.status);
    run.onEvent({ kind: "ended", outcome });
  };
  for (const [index, { ring, tenants }] of run.rings.entries()) {
    if (index > 0) {
      if (!mayGoOn([...outcomes.values()], run.maxFailures)) {
        run.onEvent({
          kind: "note",
          text: `Ring ${ring} is not started: too many tenants failed before it.`,
        });
        break;
      }
      if (run.waitMs > 0 && run.stop.how === undefined) {
        run.onEvent({
          kind: "note",
          text: `Waiting ${Math.round(run.waitMs / 1000)} s before ring ${ring} …`,
        });
        await pause(run.waitMs, run.stop);
      }
    }
    if (run.stop.how !== undefined) break;
    if (run.rings.length > 1) run.onEvent({ kind: "note", text: `Ring ${ring}: ${tenants.join(", ")}` });
    const { verb, parallel, refresh, stop } = run;
    try {
      await run.runner({ verb, tenants, parallel, refresh, stop, onEvent });
    } catch (error) {
      if (!isBegun) throw error;
      const reason = error instanceof CodedError ? error.format() : String(error);
      for (const tenant of tenants.filter((name) => !outcomes.has(name)))
        onEvent({ kind: "ended", outcome: outcomeOf(tenant, "failed", reason) });
    }
  }
  const all = run.rings.flatMap(({ tenants }) => tenants);
  return all.map((tenant) => outcomes.get(tenant) ?? notStarted(tenant, onEvent));
}

/** Adds the default suggestion: the same command for this tenant alone. */
function withNext(outcome: TenantOutcome, { verb, isLocal }: FleetRun): TenantOutcome {
  const isLeft = outcome.status === "failed" || outcome.status === "stopped";
  if (!isLeft || outcome.next !== undefined || (verb !== "up" && verb !== "destroy")) return outcome;
  return { ...outcome, next: fleetCommand(verb, isLocal, "--tenant", outcome.tenant) };
}

function notStarted(tenant: string, onEvent: (event: RunEvent) => void): TenantOutcome {
  const outcome = outcomeOf(tenant, "not started");
  onEvent({ kind: "ended", outcome });
  return outcome;
}

/** True if the failures so far still allow the next ring. */
export function mayGoOn(outcomes: readonly TenantOutcome[], { most, isPercent }: Threshold): boolean {
  const failed = outcomes.filter(({ status }) => status !== "done").length;
  return failed <= (isPercent ? (most / 100) * outcomes.length : most);
}

/** Waits, but ends early at a request to stop. */
async function pause(milliseconds: number, stop: StopRequest): Promise<void> {
  const stopped = new AbortController();
  const endListening = stop.listen(() => stopped.abort());
  await sleep(milliseconds, undefined, { signal: stopped.signal })
    .catch(() => {})
    .finally(endListening);
}
