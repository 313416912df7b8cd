import tls from "node:tls";
import {
  createControlPlane,
  createLocalContext,
  type Door,
  requireEveryTypeServed,
  startGateway,
} from "./control-plane";
import type { ArmSettings, ControlPlane, LocalContext, LocalService } from "./control-plane/local-service";
import { assignmentRoutes } from "./control-plane/policy/assignment-routes";
import { type Policies, readPolicies } from "./control-plane/policy/policy-file";
import { type AutomationOptions, createAutomationService } from "./services/automation";
import type { LimitPlan } from "./services/automation/resources/automation-limits";
import { createDataFactoryService } from "./services/data-factory";
import { createKeyVaultService } from "./services/key-vault";
import { createNetworkService } from "./services/network";
import { createPassiveService } from "./services/passive";
import { createSqlService, type SqlService, type SqlServiceOptions } from "./services/sql";
import { createStorageService } from "./services/storage";
import { createWebService } from "./services/web";

export { callerEnvironment } from "./control-plane/network/caller-environment";
export * from "./engine";

/** A running emulator. */
export interface Emulator {
  readonly context: LocalContext;
  readonly controlPlane: ControlPlane;
  readonly sql: SqlService;
  /** Stops every service; everything deployed and stored stays on disk. */
  stop(): Promise<void>;
}

export interface EmulatorOptions {
  /** The folder for all state; created if it is missing. */
  readonly folder: string;
  readonly arm?: ArmSettings;
  readonly sql?: SqlServiceOptions;
  readonly automation?: AutomationOptions;
  /** The kind of subscription whose limits count. Default `enterprise`; `off` for more than ten Automation accounts in a region. */
  readonly limits?: LimitPlan | undefined;
  /** A file of Azure Policy definitions and assignments that each PUT must pass (docs/policy.md). */
  readonly policyFile?: string | undefined;
  /** The host's services behind the same gateway, such as parties outside Azure or pages. They start after Azure's services and stop before them. */
  services?(emulator: Pick<Emulator, "context" | "sql">): readonly LocalService[];
}

/** Composition root: starts every service and restores what was deployed before. Listens on loopback only. */
export async function startEmulator(options: EmulatorOptions): Promise<Emulator> {
  const { inForce, assignments }: Policies =
    options.policyFile === undefined
      ? { inForce: [], assignments: [] }
      : await readPolicies(options.policyFile);
  const context = await createLocalContext(options.folder, { roleDelay: { refusals: 1 }, ...options.arm });
  // Clients inside this process (fetch, mssql) must trust the local CA, as child processes do through NODE_EXTRA_CA_CERTS.
  tls.setDefaultCACertificates([...tls.getCACertificates("default"), context.certificates.ca]);
  const sql = createSqlService(context, options.sql);
  const services: readonly LocalService[] = [
    { name: "policy", resourceTypes: [], armRoutes: assignmentRoutes(context, assignments) },
    createPassiveService(context),
    createNetworkService(context),
    createKeyVaultService(context),
    createStorageService(context),
    sql,
    createWebService(context),
    createDataFactoryService(context, { sql: () => sql }),
    createAutomationService(context, { ...options.automation, limits: options.limits }),
    ...(options.services?.({ context, sql }) ?? []),
  ];
  const controlPlane = createControlPlane(context, services, undefined, inForce);
  let gateway: Door | undefined;
  let stopped: Promise<void> | undefined;
  const stopAll = async () => {
    // The gateway first, so that no request reaches a service that is stopping.
    await gateway?.close();
    for (const service of [...services].reverse()) await service.stop?.();
    await context.close();
  };
  // Both a signal and the command that it interrupts call this.
  const stop = () => {
    stopped ??= stopAll();
    return stopped;
  };
  try {
    requireEveryTypeServed(controlPlane);
    gateway = await startGateway(context, controlPlane, services);
    // In this order: interrupted Automation jobs call Data Factory at once, and pipeline runs call the database.
    for (const service of services) await service.start?.();
  } catch (error) {
    await stop();
    throw error;
  }
  return { context, controlPlane, sql, stop };
}
