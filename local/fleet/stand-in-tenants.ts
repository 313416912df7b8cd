import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { TenantOutcome } from "../../fleet/outcome";
import type { RunEvent } from "../../fleet/run";
import { folderHolder } from "../arm/folder-lock";
import type { StandIn } from "../commands/bring-up";
import { deployStack, stackRequest } from "../deploy-stack";
import type { EngineProgress, RunOptions, StackRequest } from "../engine";
import { describeError } from "../engine/describe-error";
import { findEnvironment } from "../environment";
import { readTenantStack } from "../tenant-stack";
import { runChanges } from "./run-changes";

export interface TenantsRequest {
  readonly root: string;
  /** The stand-in's folder. */
  readonly folder: string;
  readonly tenants: readonly string[];
  isStopped(): boolean;
  onEvent(event: RunEvent): void;
}

/** Works on one tenant of the stand-in; what it returns is told beside what the run changed. */
export type TenantWork = (tenant: string, options: RunOptions) => Promise<Partial<TenantOutcome>>;

/** One tenant after the other, in one process: Pulumi's SDK runs one program at a time. A failure is that tenant's outcome. */
export async function eachTenant(
  { tenants, isStopped, onEvent }: Omit<TenantsRequest, "root" | "folder">,
  work: TenantWork,
): Promise<void> {
  for (const tenant of tenants) {
    if (isStopped()) return;
    onEvent({ kind: "started", tenant });
    const started = performance.now();
    const onProgress = (event: EngineProgress) => {
      if (event.kind === "resource" && event.status === "started" && event.operation !== "same") {
        onEvent({ kind: "progress", tenant, text: `${event.operation} ${event.name}` });
      }
    };
    const events: object[] = [];
    const errors: string[] = [];
    const told = await work(tenant, { onProgress, onEvent: (event) => events.push(event) }).catch(
      (error: unknown): Partial<TenantOutcome> => {
        errors.push(describeError(error));
        return { status: "failed" };
      },
    );
    const changes = runChanges(tenant, events, errors);
    const durationMs = Math.round(performance.now() - started);
    onEvent({ kind: "ended", outcome: { tenant, status: "done", changes, durationMs, ...told } });
  }
}

/** Deploys the tenants into a stand-in of this process, where they then run side by side. */
export function deployTenants({ azure, engine, signals }: StandIn, request: TenantsRequest): Promise<void> {
  const { root, folder } = request;
  return eachTenant(request, async (stack, options) => {
    await signals.finishing(deployStack(azure, engine, { projectRoot: root, folder, stack }, options));
    return {};
  });
}

/** A tenant's stack as the engine takes it. */
export function requestOf({ azure }: StandIn, root: string, tenant: string): StackRequest {
  return stackRequest(readTenantStack(root, tenant, azure.context));
}

/** The tenants that a running stand-in serves. */
export async function servedTenants(folder: string): Promise<string[]> {
  const environments = join(folder, "environments");
  if ((await folderHolder(folder)) === undefined || !existsSync(environments)) return [];
  const names = readdirSync(environments)
    .filter((name) => name.endsWith(".json"))
    .map((name) => name.slice(0, -".json".length));
  const found = await Promise.all(names.map((name) => findEnvironment(folder, name)));
  return names.filter((_, index) => found[index] !== undefined).sort();
}
