import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import tls from "node:tls";
import { QtError } from "../../errors/qt-error";
import { type Environment, requireEnvironment } from "../environment";
import { findDataset, latestLoad } from "./demo";
import { count, type OutputMode, runSteps, type Step } from "./progress";

export interface LoadOptions {
  readonly folder: string;
  readonly stack: string;
  readonly dataset: string | undefined;
  readonly all: boolean;
  /** Publish although the snapshot is empty or lost more rows than the dataset's guard allows. */
  readonly allowShrink: boolean;
  readonly mode: OutputMode;
}

interface PipelineRun {
  readonly status: string;
  readonly message?: string | null;
}

const unfinished = new Set(["Queued", "InProgress", "Canceling"]);

/** Runs QT_fetch_data for a dataset, or for all, without an event: a first load, or one that a guard refused. */
export async function load(options: LoadOptions): Promise<void> {
  const environment = await requireEnvironment(options.folder, options.stack);
  tls.setDefaultCACertificates([
    ...tls.getCACertificates("default"),
    readFileSync(environment.arm.caFile, "utf8"),
  ]);
  const datasets = options.all
    ? environment.quantemplate.datasets
    : [findDataset(environment, options.dataset ?? "")];
  const results: unknown[] = [];
  const steps: Step[] = datasets.map(({ id }) => ({
    title: `Load ${id}`,
    async run(report) {
      await runPipeline(environment, id, options.allowShrink, report);
      const outcome = await latestLoad(environment, id);
      results.push({ dataset: id, ...outcome });
      const { inserted, updated, deleted, version } = outcome;
      return `${count(inserted)} inserted, ${count(updated)} updated, ${count(deleted)} deleted; version ${version ?? "none"}`;
    },
  }));
  await runSteps(steps, options.mode);
  if (options.mode === "json") process.stdout.write(`${JSON.stringify(results, null, 2)}\n`);
}

/** Starts the pipeline through ARM and waits for its end. @throws QtError QT9006 with the pipeline's message. */
async function runPipeline(
  environment: Environment,
  dataset: string,
  allowShrink: boolean,
  report: (line: string) => void,
): Promise<void> {
  const { arm, subscriptionId, resourceGroup, dataFactory } = environment;
  const factory = `${arm.endpoint}/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/Microsoft.DataFactory/factories/${dataFactory.factoryName}`;
  const call = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const url = `${factory}${path}?api-version=2018-06-01`;
    const response = await fetch(url, {
      method,
      headers: { authorization: `Bearer ${arm.token}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) {
      throw new QtError("QT9008", { url, status: response.status, message: await response.text() });
    }
    return response.json();
  };
  const parameters = { DatasetID: dataset, AllowShrink: allowShrink };
  const { runId } = (await call("POST", `/pipelines/${dataFactory.pipelineName}/createRun`, parameters)) as {
    runId: string;
  };
  for (let wait = 50; ; wait = Math.min(wait * 1.5, 2000)) {
    const run = (await call("GET", `/pipelineruns/${runId}`)) as PipelineRun;
    report(`run ${runId} ${run.status}`);
    if (run.status === "Succeeded") return;
    if (!unfinished.has(run.status)) {
      throw new QtError("QT9006", { dataset, status: run.status, message: run.message ?? "no message" });
    }
    await delay(wait);
  }
}
