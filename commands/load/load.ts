import { setTimeout as delay } from "node:timers/promises";
import { QtError } from "../../errors/qt-error";
import { type OutputMode, runSteps, type Step } from "../progress";
import { chooseTarget, type TargetChoice } from "./choose-target";
import { changesText, type LoadOutcome } from "./load-outcome";
import type { LoadTarget } from "./load-target";

export interface LoadOptions extends TargetChoice {
  readonly dataset: string | undefined;
  readonly all: boolean;
  /** Publish even if the snapshot is empty, or lost more rows or changed more columns than the dataset's guards allow. */
  readonly allowShrink: boolean;
  /** Quantemplate's versions to load, in this order; undefined for the latest. */
  readonly versions: SourceVersions | undefined;
  /** Load a version even if it may be older than what is published. */
  readonly allowOlder: boolean;
  readonly mode: OutputMode;
}

/** Versions of a dataset in Quantemplate, by their numbers. */
export interface SourceVersions {
  readonly from: number;
  /** The last one; undefined for up to the first that Quantemplate does not have. */
  readonly to: number | undefined;
}

/** How a run is started. */
interface RunOptions {
  readonly allowShrink?: boolean;
  readonly allowOlder?: boolean;
  /** Quantemplate's version; undefined for the latest. */
  readonly sourceVersion?: number;
}

interface PipelineRun {
  readonly status: string;
  readonly message?: string | null;
}

type Report = (line: string) => void;

const unfinished = new Set(["Queued", "InProgress", "Canceling"]);

/** Runs QT_fetch_data for one dataset or all, without an event: for a first load, or after a guard refused one. */
export async function load(options: LoadOptions): Promise<void> {
  const { versions } = options;
  const target = await chooseTarget(options);
  const datasets = options.all ? target.datasets : [datasetOf(target, options.dataset ?? "")];
  const results: LoadResult[] = [];
  const steps: Step[] = datasets.map(({ id }) => ({
    title: versions === undefined ? `Load ${id}` : `Load ${id}, ${rangeText(versions)} of Quantemplate's`,
    async run(report) {
      const lines: string[] = [];
      for await (const result of loadDataset(target, id, options, report)) {
        results.push(result);
        lines.push(resultText(result));
      }
      return lines.join("\n");
    },
  }));
  await runSteps(steps, options.mode);
  if (options.mode === "json") process.stdout.write(`${JSON.stringify(results, null, 2)}\n`);
}

/** A run that loaded a dataset, or, after the last one, that Quantemplate has no next version. */
type LoadResult = { readonly dataset: string; readonly sourceVersion?: number } & (
  | LoadOutcome
  | { readonly runId: string; readonly staged?: undefined }
  | { readonly status: "missing" }
);

/**
 * Loads the latest version of a dataset, or the wanted ones in order.
 * @throws QtError QT9006; what was loaded before stays
 */
export async function* loadDataset(
  target: LoadTarget,
  dataset: string,
  { versions, ...options }: Pick<LoadOptions, "versions" | "allowShrink" | "allowOlder">,
  report: Report,
): AsyncGenerator<LoadResult> {
  for (const sourceVersion of versions === undefined ? [undefined] : numbersOf(versions)) {
    const source = sourceVersion === undefined ? {} : { sourceVersion };
    try {
      const runId = await runPipeline(target, dataset, { ...options, ...source }, report);
      yield { dataset, ...source, ...((await target.outcome(dataset, runId)) ?? { runId }) };
    } catch (error) {
      const isEnd = versions?.to === undefined && sourceVersion !== versions?.from && isMissing(error);
      if (!isEnd) throw error;
      yield { dataset, ...source, status: "missing" };
      return;
    }
  }
}

function resultText(result: LoadResult): string {
  const prefix = result.sourceVersion === undefined ? "" : `${result.sourceVersion}: `;
  if (!("runId" in result)) return `${prefix}Quantemplate has no such version`;
  if (result.staged === undefined) return `${prefix}run ${result.runId} succeeded`;
  return `${prefix}${changesText(result)}; version ${result.version ?? "none"}`;
}

function rangeText({ from, to }: SourceVersions): string {
  if (to === undefined) return `versions from ${from} on`;
  return from === to ? `version ${from}` : `versions ${from} to ${to}`;
}

function* numbersOf({ from, to = Number.POSITIVE_INFINITY }: SourceVersions): Generator<number> {
  for (let version = from; version <= to; version++) yield version;
}

/** True for a run that failed because Quantemplate does not have what it asked for (Data Factory's words for a status). */
function isMissing(error: unknown): boolean {
  return error instanceof QtError && error.code === "QT9006" && /HttpStatusCode 404 /.test(error.message);
}

function datasetOf({ datasets, stack }: LoadTarget, name: string) {
  const found = datasets.find(({ id, table }) => id === name || table === name);
  if (found !== undefined) return found;
  throw new QtError("QT9005", { dataset: name, stack, known: datasets.map(({ id }) => id).join(", ") });
}

/**
 * Starts the pipeline through Resource Manager and waits for its end.
 * @returns The run's id.
 * @throws QtError QT9006 with the pipeline's message; of a version it names the number, because the ones before it are loaded.
 */
export async function runPipeline(
  target: LoadTarget,
  dataset: string,
  { allowShrink = false, allowOlder = false, sourceVersion }: RunOptions,
  report: Report,
): Promise<string> {
  const parameters = {
    DatasetID: dataset,
    AllowShrink: allowShrink,
    ...(sourceVersion === undefined ? {} : { Version: sourceVersion, AllowOlder: allowOlder }),
  };
  const created = (await target.call("POST", `/pipelines/${target.pipeline}/createRun`, parameters)) as {
    runId: string;
  };
  const { runId } = created;
  for (let wait = 50; ; wait = Math.min(wait * 1.5, target.longestPollMs)) {
    const run = (await target.call("GET", `/pipelineruns/${runId}`)) as PipelineRun;
    report(`run ${runId} ${run.status}`);
    if (run.status === "Succeeded") return runId;
    if (!unfinished.has(run.status)) {
      const loaded = sourceVersion === undefined ? dataset : `${dataset} --version ${sourceVersion}`;
      const message = run.message ?? "no message";
      throw new QtError("QT9006", { dataset: loaded, status: run.status, message });
    }
    await delay(wait);
  }
}
