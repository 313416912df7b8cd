import { setTimeout as delay } from "node:timers/promises";
import { QtError } from "../../errors/qt-error";
import { localTarget } from "../../local";
import { count, type OutputMode, runSteps, type Step } from "../progress";
import { cloudTarget, type LoadTarget } from "./load-target";

export interface LoadOptions {
  readonly folder: string;
  readonly stack: string;
  readonly dataset: string | undefined;
  readonly all: boolean;
  /** Publish even if the snapshot is empty or lost more rows than the dataset's guard allows. */
  readonly allowShrink: boolean;
  /** True for the stack in Azure instead of the emulator. */
  readonly cloud: boolean;
  readonly mode: OutputMode;
}

interface PipelineRun {
  readonly status: string;
  readonly message?: string | null;
}

const unfinished = new Set(["Queued", "InProgress", "Canceling"]);

/** Runs QT_fetch_data for one dataset or all, without an event: for a first load, or after a guard refused one. */
export async function load(options: LoadOptions): Promise<void> {
  const target = options.cloud
    ? await cloudTarget(options.stack)
    : await localTarget(options.folder, options.stack);
  const datasets = options.all ? target.datasets : [datasetOf(target, options.dataset ?? "")];
  const results: unknown[] = [];
  const steps: Step[] = datasets.map(({ id }) => ({
    title: `Load ${id}`,
    async run(report) {
      const runId = await runPipeline(target, id, options.allowShrink, report);
      const outcome = await target.outcome(id, runId);
      results.push({ dataset: id, runId, ...outcome });
      if (outcome === undefined) return `run ${runId} succeeded`;
      const { inserted, updated, deleted, version } = outcome;
      return `${count(inserted)} inserted, ${count(updated)} updated, ${count(deleted)} deleted; version ${version ?? "none"}`;
    },
  }));
  await runSteps(steps, options.mode);
  if (options.mode === "json") process.stdout.write(`${JSON.stringify(results, null, 2)}\n`);
}

function datasetOf({ datasets, stack }: LoadTarget, name: string) {
  const found = datasets.find(({ id, table }) => id === name || table === name);
  if (found !== undefined) return found;
  throw new QtError("QT9005", { dataset: name, stack, known: datasets.map(({ id }) => id).join(", ") });
}

/**
 * Starts the pipeline through Resource Manager and waits for its end.
 * @returns The run's id.
 * @throws QtError QT9006 with the pipeline's message.
 */
export async function runPipeline(
  target: LoadTarget,
  dataset: string,
  allowShrink: boolean,
  report: (line: string) => void,
): Promise<string> {
  const parameters = { DatasetID: dataset, AllowShrink: allowShrink };
  const created = (await target.call("POST", `/pipelines/${target.pipeline}/createRun`, parameters)) as {
    runId: string;
  };
  const { runId } = created;
  for (let wait = 50; ; wait = Math.min(wait * 1.5, target.longestPollMs)) {
    const run = (await target.call("GET", `/pipelineruns/${runId}`)) as PipelineRun;
    report(`run ${runId} ${run.status}`);
    if (run.status === "Succeeded") return runId;
    if (!unfinished.has(run.status)) {
      throw new QtError("QT9006", { dataset, status: run.status, message: run.message ?? "no message" });
    }
    await delay(wait);
  }
}
