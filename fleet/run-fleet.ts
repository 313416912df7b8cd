import { outcomeOf, type TenantOutcome, type Verb } from "./outcome";
import type { RunEvent, Runner, StopRequest } from "./run";
import type { RunRecord } from "./run-record";

/** How many tenants may fail before the next ring is not begun: a number, or per cent of those that ran so far. */
export interface Threshold {
  readonly most: number;
  readonly isPercent: boolean;
}

export interface FleetRun {
  readonly verb: Verb;
  /** One after the other; a run without rings is one ring. */
  readonly rings: readonly { readonly ring: string; readonly tenants: readonly string[] }[];
  readonly parallel: number;
  /** Between two rings, in milliseconds. */
  readonly waitMs: number;
  readonly maxFailures: Threshold;
  readonly runner: Runner;
  readonly stop: StopRequest;
  readonly record?: RunRecord | undefined;
  onEvent(event: RunEvent): void;
}

/** Runs ring after ring. Every tenant gets an outcome, in the order of the rings. */
export async function runFleet(run: FleetRun): Promise<TenantOutcome[]> {
  const outcomes = new Map<string, TenantOutcome>();
  const onEvent = (event: RunEvent) => {
    if (event.kind === "ended") {
      outcomes.set(event.outcome.tenant, event.outcome);
      run.record?.set(event.outcome.tenant, event.outcome.status);
    }
    run.onEvent(event);
  };
  for (const [index, { ring, tenants }] of run.rings.entries()) {
    if (index > 0) {
      if (!mayGoOn([...outcomes.values()], run.maxFailures)) {
        run.onEvent({ kind: "note", text: `Ring ${ring} is not begun: too many tenants failed before it.` });
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
    await run.runner({ verb: run.verb, tenants, parallel: run.parallel, stop: run.stop, onEvent });
  }
  const all = run.rings.flatMap(({ tenants }) => tenants);
  return all.map((tenant) => outcomes.get(tenant) ?? notStarted(tenant, onEvent));
}

function notStarted(tenant: string, onEvent: (event: RunEvent) => void): TenantOutcome {
  const outcome = outcomeOf(tenant, "not started");
  onEvent({ kind: "ended", outcome });
  return outcome;
}

/** Whether what failed so far leaves the next ring allowed. */
export function mayGoOn(outcomes: readonly TenantOutcome[], { most, isPercent }: Threshold): boolean {
  const failed = outcomes.filter(({ status }) => status !== "done").length;
  return failed <= (isPercent ? (most / 100) * outcomes.length : most);
}

/** Ends early at a request to stop. */
async function pause(milliseconds: number, stop: StopRequest): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    const end = stop.listen(() => resolve());
    const settle = resolve;
    resolve = () => {
      clearTimeout(timer);
      end();
      settle();
    };
  });
}
