import { createReadStream } from "node:fs";
import { access, constants, stat } from "node:fs/promises";
import { changesText } from "../../commands/load/load-outcome";
import { type OutputMode, runSteps } from "../../commands/progress";
import { QtError } from "../../errors/qt-error";
import { requireEnvironment } from "../environment";
import { datasetUpdated } from "../saas/quantemplate/event";
import { findDataset, followDelivery, landSample, loadOutcome, nextGeneration, runOf } from "./demo";
import { putDataset, sendEvent } from "./emulator-client";
import { endedSteps, flowLine } from "./flow-lines";

export interface EventOptions {
  readonly folder: string;
  readonly stack: string;
  readonly dataset: string;
  /** Rows of the sample's next generation, if no file is given. */
  readonly rows: number;
  /** A CSV file that becomes the dataset. */
  readonly file: string | undefined;
  /** Sends the event only and leaves the data as it is. */
  readonly replay: boolean;
  readonly mode: OutputMode;
}

/** Changes a dataset at the local Quantemplate and follows its event to the published rows. */
export async function event(options: EventOptions): Promise<void> {
  const environment = await requireEnvironment(options.folder, options.stack);
  const dataset = findDataset(environment, options.dataset);
  const { file } = options;
  if (file !== undefined) await requireReadable(file);
  let lines: string[] = [];
  let runId: string | undefined;
  await runSteps(
    [
      {
        title: `DatasetUpdated for ${dataset.id}`,
        async run(report) {
          const onStep = (step: Parameters<typeof flowLine>[0]) => report(flowLine(step));
          if (file === undefined && !options.replay) {
            const generation = await nextGeneration(options.folder, dataset.id);
            const landed = await landSample(environment, dataset.id, options.rows, generation, onStep);
            lines = endedSteps(landed.steps).map(flowLine);
            runId = landed.load.runId;
          } else {
            const delivery = options.replay
              ? await sendEvent(environment, datasetUpdated(dataset.id))
              : await putDataset(environment, dataset.id, createReadStream(file ?? ""));
            const { steps } = await followDelivery(environment, dataset.id, delivery, onStep);
            lines = endedSteps(steps).map(flowLine);
            runId = runOf(steps);
          }
          if (runId === undefined) return "a run of this dataset is queued already and will fetch the update";
          const outcome = await loadOutcome(environment, dataset.id, runId);
          if (options.mode === "json") process.stdout.write(`${JSON.stringify(outcome, null, 2)}\n`);
          return `${outcome.status}; ${changesText(outcome)}`;
        },
      },
    ],
    options.mode,
  );
  if (options.mode !== "json") process.stdout.write(`${lines.map((line) => `  ${line}`).join("\n")}\n`);
}

/** Checks the file before anything is sent. @throws QtError QT9016 */
async function requireReadable(file: string): Promise<void> {
  try {
    await access(file, constants.R_OK);
    if (!(await stat(file)).isFile()) throw new Error("it is not a file");
  } catch (error) {
    throw new QtError("QT9016", { file, reason: (error as Error).message });
  }
}
