import type { TenantOutcome } from "../../fleet/outcome";
import { changesFromEvents } from "../../fleet/summary";
import type { RunResult } from "../engine";

/** What a run of either engine did, without the properties: both tell the resources only. */
export function doneOutcome(tenant: string, { changes, durationMs }: RunResult): TenantOutcome {
  const steps = changes.map(({ operation, urn }) => ({
    resourcePreEvent: { metadata: { op: operation, urn } },
  }));
  const events = [...steps, { summaryEvent: {} }].map((event, sequence) => ({ sequence, ...event }));
  return { tenant, status: "done", changes: changesFromEvents(events, { stack: tenant }), durationMs };
}
