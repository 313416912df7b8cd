import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { from as copyFrom } from "pg-copy-streams";
import type { LoadOutcome } from "../../commands/load/load-outcome";
import type { Running } from "../../local/commands/bring-up";
import { followDelivery, loadOutcome, runOf } from "../../local/commands/demo";
import { putDataset, query } from "../../local/commands/emulator-client";
import type { Environment } from "../../local/environment";
import type { FlowStep } from "../../packages/azure-emulator/control-plane/flow-log";

/** The dataset of the sample tenant that the benchmarks load. */
export const benchDataset = "d-bordereau-premium";

/** The table that a benchmark's file is loaded into. */
export interface BenchTable {
  readonly table: string;
  readonly keyColumns: readonly string[];
  /** Declared types by header. */
  readonly types: Readonly<Record<string, string>>;
}

/** Gives the benchmarks' dataset another table, key and types than the tenant's file. */
export async function configureBench(environment: Environment, wanted: BenchTable): Promise<void> {
  const types = Object.fromEntries(Object.entries(wanted.types).map(([header, type]) => [header, { type }]));
  const dataset = { id: benchDataset, table: wanted.table, keyColumns: wanted.keyColumns, types };
  await query(environment, "select qt.configure($1, 'ignore')", [JSON.stringify([dataset])]);
}

/** A load, from its event to the end of its run. */
export interface BenchLoad {
  readonly seconds: number;
  readonly steps: readonly FlowStep[];
  readonly load: LoadOutcome;
}

/** Uploads the file and follows its event. The upload is Quantemplate's part; the clock starts with the event. */
export async function landFile(environment: Environment, file: string): Promise<BenchLoad> {
  const delivery = await putDataset(environment, benchDataset, createReadStream(file));
  const { steps, durationMs } = await followDelivery(environment, benchDataset, delivery);
  const load = await loadOutcome(environment, benchDataset, runOf(steps));
  return { seconds: durationMs / 1000, steps, load };
}

/** Seconds that a step of the flow took. */
export function stepSeconds(steps: readonly FlowStep[], name: string): number {
  const step = steps.find(
    (one) => one.name === name && one.durationMs !== undefined && one.status !== "started",
  );
  return (step?.durationMs ?? Number.NaN) / 1000;
}

/** Seconds of a COPY of the file into a table of text columns in the same PostgreSQL. */
export async function plainCopy({ azure }: Running, file: string, columns: number): Promise<number> {
  const pool = await azure.sql.pool("bench");
  const client = await pool.connect();
  try {
    const list = Array.from({ length: columns }, (_, index) => `c${index} text`).join(", ");
    await client.query(`create table copied (${list})`);
    const started = performance.now();
    await pipeline(
      createReadStream(file),
      client.query(copyFrom("copy copied from stdin (format csv, header true)")),
    );
    return (performance.now() - started) / 1000;
  } finally {
    await client.query("drop table if exists copied");
    client.release();
  }
}

/** Seconds that the function takes for the first page of a full sync. */
export async function pageSeconds({ function: { url, key } }: Environment): Promise<number> {
  const started = performance.now();
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", "x-functions-key": key },
    body: JSON.stringify({ agent: "bench", state: {}, sync_id: "bench", customPayload: { pageRows: 1000 } }),
  });
  const page = (await response.json()) as { errorMessage?: string };
  if (page.errorMessage !== undefined) throw new Error(page.errorMessage);
  return (performance.now() - started) / 1000;
}
