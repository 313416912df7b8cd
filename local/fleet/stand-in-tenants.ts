import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { outcomeOf, type TenantOutcome } from "../../fleet/outcome";
import type { RunEvent } from "../../fleet/run";
import { folderHolder } from "../arm/folder-lock";
import type { StandIn } from "../commands/bring-up";
import { deployStack, stackRequest } from "../deploy-stack";
import type { EngineProgress, StackRequest } from "../engine";
import { describeError } from "../engine/describe-error";
import { findEnvironment } from "../environment";
import { readTenantStack } from "../tenant-stack";
import { doneOutcome } from "./run-result";

export interface TenantsRequest {
  readonly root: string;
  /** The stand-in's folder. */
  readonly folder: string;
  readonly tenants: readonly string[];
  isStopped(): boolean;
  onEvent(event: RunEvent): void;
}

/** Works on one tenant of the stand-in. */
export type TenantWork = (
  tenant: string,
  onProgress: (event: EngineProgress) => void,
) => Promise<TenantOutcome>;

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
    const outcome = await work(tenant, onProgress).catch((error: unknown) =>
      outcomeOf(tenant, "failed", describeError(error), {
        durationMs: Math.round(performance.now() - started),
      }),
    );
    onEvent({ kind: "ended", outcome });
  }
}

/** Deploys the tenants into a stand-in of this process, where they then run side by side. */
export function deployTenants({ azure, engine, signals }: StandIn, request: TenantsRequest): Promise<void> {
  const { root, folder } = request;
  return eachTenant(request, async (stack, onProgress) => {
    const { result } = await signals.finishing(
      deployStack(azure, engine, { projectRoot: root, folder, stack }, onProgress),
    );
    return doneOutcome(stack, result);
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
