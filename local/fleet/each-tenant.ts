import { fleetCommand, type TenantOutcome } from "../../commands/fleet/outcome";
import type { RunEvent } from "../../commands/fleet/run";
import { failedPreview } from "../../commands/fleet/summary";
import type { EngineProgress, RunOptions } from "../../packages/azure-emulator/engine";
import { describeError } from "../../packages/azure-emulator/engine/describe-error";
import { runChanges } from "./run-changes";

export interface TenantsRequest {
  readonly root: string;
  /** The emulator's folder. */
  readonly folder: string;
  readonly tenants: readonly string[];
  /** `up` first reads manual changes into the state, so that it reverts them. */
  readonly refresh: boolean;
  /** Once aborted, no further tenant is begun. */
  readonly stop: AbortSignal;
  onEvent(event: RunEvent): void;
}

/** Works on one tenant of the emulator; its result is added to the tenant's outcome. */
export type TenantWork = (
  tenant: string,
  options: Required<Pick<RunOptions, "onProgress" | "onEvent">>,
) => Promise<Partial<TenantOutcome>>;

/** Works on one tenant after the other, in one process: Pulumi's SDK runs one program at a time. A failure becomes that tenant's outcome. */
export async function eachTenant(
  { tenants, stop, onEvent }: Pick<TenantsRequest, "tenants" | "stop" | "onEvent">,
  work: TenantWork,
): Promise<void> {
  for (const tenant of tenants) {
    if (stop.aborted) return;
    onEvent({ kind: "started", tenant });
    const started = performance.now();
    const onProgress = (event: EngineProgress) => {
      if (event.kind === "resource" && event.status === "started" && event.operation !== "same") {
        onEvent({ kind: "progress", tenant, text: `${event.operation} ${event.name}` });
      }
    };
    const events: object[] = [];
    const errors: string[] = [];
    const result = await work(tenant, { onProgress, onEvent: (event) => events.push(event) }).catch(
      (error: unknown): Partial<TenantOutcome> => {
        errors.push(describeError(error));
        return { status: "failed" };
      },
    );
    const changes = runChanges(tenant, events, errors);
    const durationMs = Math.round(performance.now() - started);
    onEvent({ kind: "ended", outcome: { tenant, status: "done", changes, durationMs, ...result } });
  }
}

/** The outcome of a tenant that is not in this emulator. */
export function notHere(tenant: string, reason: string): Partial<TenantOutcome> {
  const next = fleetCommand("up", true, "--tenant", tenant);
  return { status: "failed", changes: failedPreview(tenant, reason), next };
}
