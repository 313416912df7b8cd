import { createHash } from "node:crypto";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LoadOutcome } from "../../commands/load/load-outcome";
import { bringUp, type Running, stopEmulator } from "../../local/commands/bring-up";
import { loadOutcome } from "../../local/commands/demo";
import { type Delivery, putDataset, query } from "../../local/commands/emulator-client";
import { endOf, followJob } from "../../local/commands/flow-client";
import { removeEverything } from "../../local/commands/server-choice";
import type { Environment } from "../../local/environment";
import { projectRoot } from "../../local/places";
import { sampleSnapshot } from "../../local/sample-data";
import type { FlowStep } from "../../packages/azure-emulator/control-plane/flow-log";
import type { PulumiChoice } from "../../packages/azure-emulator/engine";

/** Ids of the sample tenant's datasets (Pulumi.dev.yaml). */
export const keyed = "d-bordereau-premium";
export const keyless = "d-claims-notes";

/** An emulator in its own folder, with the stack `dev` deployed. */
export interface TestEmulator {
  readonly folder: string;
  readonly running: Running;
  readonly environment: Environment;
  close(): Promise<void>;
}

/** A SQL Server to run the flow on instead of the embedded PostgreSQL, as for the database suites. */
const server = process.env.SQLSERVER_URL || undefined;

/**
 * Brings up an emulator for one suite. `auto` uses the Pulumi CLI if there is one.
 * @param policy the file of its policies
 */
export async function deployedEmulator(
  pulumi: PulumiChoice = "auto",
  folder?: string,
  policy?: string,
): Promise<TestEmulator> {
  const where = folder ?? (await mkdtemp(join(tmpdir(), "qt-emulator-")));
  const options = { folder: where, stack: "dev", pulumi, database: server, policy };
  const running = await bringUp(options);
  return {
    folder: where,
    running,
    environment: running.deployment.environment,
    async close() {
      await stopEmulator(running);
      if (folder === undefined) await removeEverything(where);
    },
  };
}

/** The emulator shared by the suites of one process, once one of them needs it. */
let shared: Promise<TestEmulator> | undefined;
after(async () => (await shared)?.close());

/**
 * A deployed emulator for a suite that leaves the deployment as it finds it. Suites in one process share it, so that it is
 * deployed once. In a worker of `mocha --parallel`, whose end no hook sees, each suite gets its own. Call inside `describe`.
 * @param isFresh the suite needs one into which nothing has been loaded
 */
export function useEmulator({ isFresh = false } = {}): () => TestEmulator {
  let local: TestEmulator | undefined;
  let isOwn = false;
  before(async () => {
    isOwn = process.env.MOCHA_WORKER_ID !== undefined || (isFresh && shared !== undefined);
    if (isOwn) local = await deployedEmulator();
    else {
      shared ??= deployedEmulator();
      local = await shared;
    }
  });
  after(async () => {
    if (isOwn) await local?.close();
  });
  return () => {
    if (local === undefined) throw new Error("The emulator is not up.");
    return local;
  };
}

export { projectRoot };

/** How a job ended, with the run that it started. */
export interface JobEnd {
  readonly id: string;
  readonly status: "succeeded" | "failed";
  readonly error: string;
  readonly steps: readonly FlowStep[];
}

/** Waits for a delivery's job and the run that it started, whether they succeed or fail. */
export async function jobEnd(environment: Environment, delivery: Delivery): Promise<JobEnd> {
  const id = delivery.delivered.flatMap(({ jobIds }) => jobIds ?? [])[0];
  if (id === undefined) throw new Error(`No job: ${JSON.stringify(delivery)}`);
  const steps = await followJob(environment, id, () => {});
  const { status, error } = endOf(steps, id);
  return { id, status, error, steps };
}

/** Lands a generation of the sample through the whole chain, whether the load succeeds or fails. */
export async function land(
  environment: Environment,
  dataset: string,
  generation: number,
  rows = 300,
): Promise<JobEnd & { load: LoadOutcome; manifest: ReturnType<typeof sampleSnapshot>["manifest"] }> {
  const { csv, manifest } = sampleSnapshot(dataset, rows, generation);
  const end = await jobEnd(environment, await putDataset(environment, dataset, csv()));
  return { ...end, load: await loadOutcome(environment, dataset), manifest };
}

/** Posts to the webhook as Quantemplate does. */
export function postEvent(url: string, body: string): Promise<Response> {
  return fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body });
}

/** Quantemplate's event for a dataset (quantemplate.readme.io/docs/example-azure-integration). */
export const datasetUpdated = (datasetId: string) => ({
  id: "0b5bd1f4-2a3a-4a6c-8d50-1f7a0a7d6c11",
  name: "DatasetUpdated",
  created: "2026-01-31T10:00:00Z",
  payload: { datasetId, eventName: "DatasetUpdated" },
});

/** Checksum of a table with its versions: equal values before and after mean that nothing changed. */
export async function fingerprint(environment: Environment, table: string): Promise<string> {
  const rows = await query(environment, `select * from data."${table}" order by _row_id`);
  return createHash("sha256").update(JSON.stringify(rows)).digest("hex");
}
