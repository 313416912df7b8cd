import { join } from "node:path";
import { QtError } from "../errors/qt-error";
import { type Emulator, startEmulator } from "../packages/azure-emulator";
import { type LimitPlan, limitPlans } from "../packages/azure-emulator/services/automation";
import type { ServerRecord } from "../packages/azure-emulator/services/sql";
import { createConsole } from "./console";
import { userOf } from "./database/user-of-call";
import { nameThisProject } from "./emulator-phrases";
import { removeEnvironments } from "./environment";
import { projectRoot } from "./places";
import { loadTwin } from "./runbook/runbook-twin";
import { createFivetran } from "./saas/fivetran";
import { createQuantemplate } from "./saas/quantemplate";

/** A running emulator of Azure, with Quantemplate and Fivetran. `stop` also removes the environment files. */
export type LocalAzure = Emulator;

export interface LocalAzureOptions {
  /** Folder of all state; created if missing. */
  readonly folder: string;
  /** A real SQL Server instead of the embedded PostgreSQL. */
  readonly server?: ServerRecord | undefined;
  /** A file of Azure Policy objects that every resource must pass. */
  readonly policy?: string | undefined;
  /** The kind of subscription whose limits count; default `enterprise`, or QT_LIMITS. */
  readonly limits?: LimitPlan | undefined;
}

/** Starts the emulator with what it needs to know about this project. */
export async function startLocalAzure({
  folder,
  server,
  policy,
  limits = limitsOf(process.env.QT_LIMITS),
}: LocalAzureOptions): Promise<LocalAzure> {
  nameThisProject();
  const powerShell = process.env.QT_POWER_SHELL;
  const emulator = await startEmulator({
    folder,
    policyFile: policy,
    limits,
    sql: { databaseFolder: join(projectRoot, "database"), server, userOf },
    automation: {
      twins: [loadTwin],
      // QT_POWER_SHELL names another command; if it is empty, the twin runs.
      ...(powerShell === undefined ? {} : { powerShell: powerShell || null }),
    },
    services: ({ context, sql }) => [
      createQuantemplate(context),
      createFivetran({ context, pool: (database) => sql.pool(database) }),
      createConsole(context),
    ],
  });
  const stop = async () => {
    await removeEnvironments(folder);
    await emulator.stop();
  };
  return { ...emulator, stop };
}

/** @throws QtError QT9025 if the variable holds anything else */
function limitsOf(text: string | undefined): LimitPlan | undefined {
  const plan = limitPlans.find((name) => name === text);
  if (plan === undefined && text) throw new QtError("QT9025", { limits: text, plans: limitPlans.join(", ") });
  return plan;
}
