import { loadOutcome } from "../../local/commands/demo";
import { putDataset, query, sync } from "../../local/commands/emulator-client";
import { endOf, followJob } from "../../local/commands/flow-client";
import type { Environment } from "../../local/environment";
import { sampleSnapshot } from "../../local/sample-data";
import { armCall } from "./deployment";

const dataset = "d-bordereau-premium";
const other = "d-claims-notes";
const rows = 20;
/** A chain takes one or two seconds; whoever waits longer for a right or an answer has noticed. */
const patienceMs = 15_000;

/** What a chain said; undefined if the event's rows reached Fivetran. */
export type ChainFailure = string | undefined;

export interface ChainRun {
  readonly failure: ChainFailure;
  /** Settles when nothing of it runs any more: a run that waits goes on after the mutation is taken back. */
  readonly ended: Promise<unknown>;
}

/** Besides the event: what only some resources are for. */
export type MoreRuns = "daily run" | "failing run" | "connection test" | undefined;

/** One event through webhook, runbook, pipeline and SQL to the function's page. @param generation another one each time, so that rows change */
export async function runChain(
  environment: Environment,
  generation: number,
  more?: MoreRuns,
): Promise<ChainRun> {
  const work = chain(environment, generation, more);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve(`it had not ended after ${patienceMs / 1000} s`), patienceMs);
  });
  const failure = await Promise.race([work, late]);
  clearTimeout(timer);
  return { failure, ended: work };
}

async function chain(environment: Environment, generation: number, more: MoreRuns): Promise<ChainFailure> {
  try {
    const { csv } = sampleSnapshot(dataset, rows, generation);
    const { delivered } = await putDataset(environment, dataset, csv());
    const job = delivered.flatMap(({ jobIds }) => jobIds ?? [])[0];
    if (job === undefined) return `the webhook answered ${JSON.stringify(delivered)}`;
    const steps = await followJob(environment, job, () => {});
    const { status, error } = endOf(steps, job);
    if (status === "failed") return error;
    const { status: load } = await loadOutcome(environment, dataset);
    if (load !== "published") return `the load is ${load}`;
    const { inserts, updates } = await sync(environment);
    if (inserts + updates === 0) return "the function had no rows";
    if (more === "connection test") return await connectionTest(environment);
    if (more === "daily run") return await dailyRun(environment);
    return more === "failing run" ? await failingRun(environment) : undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Fivetran's test of the connection, with Quantemplate's credentials. */
async function connectionTest({ function: app, quantemplate }: Environment): Promise<ChainFailure> {
  const { clientId, clientSecret } = quantemplate;
  const answer = await fetch(app.url, {
    method: "POST",
    headers: { "content-type": "application/json", "x-functions-key": app.key },
    body: JSON.stringify({ setup_test: true, secrets: { clientId, clientSecret } }),
  });
  const body = await answer.text();
  return answer.ok && !/QT\d{4}/.test(body)
    ? undefined
    : `the connection test answered ${answer.status}: ${body}`;
}

/** The pipeline that loads every dataset once a day. */
async function dailyRun(environment: Environment): Promise<ChainFailure> {
  const before = await runsOf(environment);
  const status = await pipelineRun(environment, "QT_reconcile", {});
  if (status !== "Succeeded") return `QT_reconcile ended ${status}`;
  const started = (await runsOf(environment)) - before;
  const { length } = environment.quantemplate.datasets;
  return started === length ? undefined : `QT_reconcile started ${started} loads of ${length} datasets`;
}

/** A download that is refused for good: the load must be recorded as failed, and the run must say so. */
async function failingRun(environment: Environment): Promise<ChainFailure> {
  const { adminUrl } = environment.quantemplate;
  const faults = `${adminUrl}/faults`;
  await fetch(faults, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ status: 404, times: 1000, target: "dataset" }),
  });
  try {
    const status = await pipelineRun(environment, "QT_fetch_data", { DatasetID: other });
    if (status !== "Failed") return `a run without data ended ${status}`;
    const outcome = await loadOutcome(environment, other);
    return outcome.status === "failed" ? undefined : `a failed load is recorded as ${outcome.status}`;
  } finally {
    await fetch(faults, { method: "DELETE" });
  }
}

async function runsOf(environment: Environment): Promise<number> {
  const [row] = await query(environment, 'select count(*) as runs from qt."load"');
  return Number(row?.runs);
}

async function pipelineRun(environment: Environment, pipeline: string, parameters: object): Promise<string> {
  const { factoryId } = environment.dataFactory;
  const { runId } = await armCall(
    environment,
    "POST",
    `${factoryId}/pipelines/${pipeline}/createRun`,
    parameters,
  );
  for (;;) {
    const { status } = await armCall(environment, "GET", `${factoryId}/pipelineruns/${runId}`);
    if (status !== "InProgress" && status !== "Queued") return String(status);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
