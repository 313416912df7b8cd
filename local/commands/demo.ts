import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type LoadOutcome, outcomeOf } from "../../commands/load/load-outcome";
import { QtError } from "../../errors/qt-error";
import { OWNER_ONLY } from "../../packages/azure-emulator/control-plane/durable-file";
import type { FlowStep } from "../../packages/azure-emulator/control-plane/flow-log";
import { ownMember } from "../../packages/kit/json-object";
import type { Environment, EnvironmentDataset } from "../environment";
import { type SnapshotManifest, sampleSnapshot } from "../sample-data";
import { type Delivery, putDataset, query, type SyncReport } from "./emulator-client";
import { endOf, followJob } from "./flow-client";

/** The outcome of landing one snapshot. */
export interface Landed {
  readonly dataset: string;
  readonly generation: number;
  readonly manifest: SnapshotManifest;
  readonly bytes: number;
  /** From the start of the job to the end of the run. */
  readonly durationMs: number;
  readonly steps: readonly FlowStep[];
  readonly load: LoadOutcome;
}

export type Sync = SyncReport;

/** The next generation of the sample for a dataset; the count is kept with the emulator's state. */
export async function nextGeneration(folder: string, dataset: string): Promise<number> {
  const file = join(folder, "sample-generations.json");
  const known = await readGenerations(file);
  const next = (ownMember(known, dataset) ?? -1) + 1;
  await writeFile(file, `${JSON.stringify({ ...known, [dataset]: next }, null, 2)}\n`, { mode: OWNER_ONLY });
  return next;
}

async function readGenerations(file: string): Promise<Record<string, number>> {
  try {
    return JSON.parse(await readFile(file, "utf8")) as Record<string, number>;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return {};
    throw error;
  }
}

/** Finds a dataset of the tenant by id or table. @throws QtError QT9005, which lists the known ones. */
export function findDataset(environment: Environment, name: string): EnvironmentDataset {
  const { datasets } = environment.quantemplate;
  const found = datasets.find(({ id, table }) => id === name || table === name);
  if (found !== undefined) return found;
  const known = datasets.map(({ id }) => id).join(", ");
  throw new QtError("QT9005", { dataset: name, stack: environment.stack, known });
}

/** Lands a generation of the sample: uploads the CSV to Quantemplate, whose event triggers the load, and waits for the run to end. */
export async function landSample(
  environment: Environment,
  dataset: string,
  rows: number,
  generation: number,
  onStep: (step: FlowStep) => void = () => {},
): Promise<Landed> {
  const { csv, manifest } = sampleSnapshot(dataset, rows, generation);
  // The upload is Quantemplate's part; the clock starts with the event.
  const delivery = await putDataset(environment, dataset, csv());
  const { steps, durationMs } = await followDelivery(environment, dataset, delivery, onStep);
  return {
    dataset,
    generation,
    manifest,
    bytes: delivery.bytes ?? 0,
    durationMs,
    steps,
    load: await loadOutcome(environment, dataset, runOf(steps)),
  };
}

/** Waits for the job that a delivery started, and for its run. @throws QtError QT9010 if either fails. */
export async function followDelivery(
  environment: Environment,
  dataset: string,
  delivery: Delivery,
  onStep: (step: FlowStep) => void = () => {},
): Promise<{ steps: FlowStep[]; durationMs: number }> {
  const job = delivery.delivered.flatMap(({ jobIds }) => jobIds ?? [])[0];
  if (job === undefined) {
    const answers = delivery.delivered
      .map(({ status, error }) => `${status} ${error ?? ""}`.trim())
      .join(", ");
    throw new QtError("QT9010", { dataset, what: "no job", status: "started", message: answers });
  }
  const steps = await followJob(environment, job, onStep);
  const { status, what, error, durationMs } = endOf(steps, job);
  if (status === "failed") throw new QtError("QT9010", { dataset, what, status, message: error });
  return { steps, durationMs };
}

/** The pipeline run that a job started; undefined if another run, still queued, will fetch the update. */
export function runOf(steps: readonly FlowStep[]): string | undefined {
  return steps.find(({ hop, name }) => hop === "data-factory" && name.startsWith("pipeline "))?.id;
}

/** What a run changed in a dataset's table; without a run id, what the latest run changed. */
export async function loadOutcome(
  environment: Environment,
  dataset: string,
  runId?: string,
): Promise<LoadOutcome> {
  const [row] = await query(
    environment,
    `select l.run_id, l.status, l.version, l.rows_staged, l.inserted, l.updated, l.deleted, l.emptied
       from qt."load" l join qt.dataset d on d.dataset_no = l.dataset_no
      where d.dataset_id = $1 and l.run_id = coalesce($2, l.run_id)
      order by l.snapshot_time desc offset 0 rows fetch next 1 rows only`,
    [dataset, runId ?? null],
  );
  return outcomeOf(String(row?.run_id), row ?? {});
}
