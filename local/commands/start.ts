import { count, type OutputMode, runSteps, type Step } from "../../commands/progress";
import { reportFailure } from "../../errors/failure";
import { projectRoot } from "../places";
import { sampleSnapshot } from "../sample-data";
import {
  type BringUpOptions,
  type DeployingEmulator,
  deployedText,
  deployInto,
  type Running,
  servedBefore,
  startWithEngine,
  stopEmulator,
} from "./bring-up";
import { compareDestinationWithTable, compareTableWithCsv } from "./compare";
import { findDataset, type Landed, landSample, nextGeneration, type Sync } from "./demo";
import { sync } from "./emulator-client";
import { endedSteps, flowLine } from "./flow-lines";
import { landedText, syncText } from "./texts";

export interface StartOptions extends BringUpOptions {
  /** End after the demonstration instead of staying up. */
  readonly once: boolean;
  /** Rows of the first snapshot. */
  readonly rows: number;
  readonly dataset: string;
  readonly mode: OutputMode;
}

/** What `npm start -- --once --json` prints. */
export interface StartResult {
  pulumi: { kind: string; creates: number; updates: number; same: number; durationMs: number };
  landed: Landed[];
  syncs: Sync[];
  compared: { tableWithCsv: number; destinationWithTable: number };
  /** From the start of the command to the end of the first sync. */
  readyMs: number;
}

/**
 * Runs everything locally: deploys, lands two snapshots, syncs Fivetran after each, compares cell by cell, and stays up. If a deployment is
 * refused, what was deployed before stays up.
 */
export async function start(options: StartOptions): Promise<void> {
  const started = performance.now();
  let emulator: DeployingEmulator | undefined;
  let running: Running | undefined;
  const result: Partial<StartResult> & Pick<StartResult, "landed" | "syncs"> = { landed: [], syncs: [] };
  const environment = () => {
    if (running === undefined) throw new Error("The emulator is not up yet.");
    return running.deployment.environment;
  };
  const dataset = () => findDataset(environment(), options.dataset);

  const land = (title: string): Step => ({
    title,
    async run(report) {
      const generation = await nextGeneration(options.folder, dataset().id);
      const landed = await landSample(environment(), dataset().id, options.rows, generation, (step) =>
        report(flowLine(step)),
      );
      result.landed.push(landed);
      return landedText(landed);
    },
  });
  const syncStep = (title: string): Step => ({
    title,
    async run() {
      const report = await sync(environment());
      result.syncs.push(report);
      result.readyMs ??= performance.now() - started;
      return syncText(report);
    },
  });

  const steps: Step[] = [
    {
      title: "Deploy with Pulumi into the local emulator of Azure",
      async run(report) {
        emulator = await startWithEngine(options);
        running = await deployInto(emulator, options, report);
        const { deployment, engine } = running;
        const { creates, updates, same, durationMs } = deployment.result;
        result.pulumi = { kind: engine.kind, creates, updates, same, durationMs };
        return deployedText(running);
      },
    },
    land("First snapshot"),
    syncStep("Fivetran sync"),
    land("Second snapshot"),
    syncStep("Fivetran sync"),
    {
      title: "Compare cell by cell",
      async run() {
        const last = result.landed.at(-1);
        const sample = sampleSnapshot(dataset().id, options.rows, last?.generation ?? 0);
        const tableWithCsv = await compareTableWithCsv(environment(), dataset(), sample.csv());
        const destinationWithTable = await compareDestinationWithTable(environment(), dataset());
        result.compared = { tableWithCsv, destinationWithTable };
        return `${count(tableWithCsv)} rows: the table equals the CSV, Fivetran's destination equals the table`;
      },
    },
  ];

  try {
    await runSteps(steps, options.mode);
    if (options.mode === "json") process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
    else process.stdout.write(summary(result, environment().console.url, options));
    if (!options.once) await emulator?.signals.untilSignal();
  } catch (error) {
    if (emulator === undefined || running !== undefined || options.once) throw error;
    const before = await servedBefore(emulator, options);
    if (before === undefined) throw error;
    reportFailure(error);
    process.stderr.write(
      `\nStill up, with what was deployed before: ${before.console.url}\nCorrect it, stop this with Ctrl-C, and run npm start again.\n`,
    );
    await emulator.signals.untilSignal();
  } finally {
    if (emulator !== undefined) await stopEmulator(emulator);
  }
}

function summary(result: Pick<StartResult, "landed">, consoleUrl: string, options: StartOptions): string {
  const last = result.landed.at(-1);
  const hops = endedSteps(last?.steps ?? []).map((step) => `  ${flowLine(step)}`);
  const lines = ["", "The second snapshot, hop by hop:", ...hops, ""];
  if (options.once) {
    lines.push(
      `Done. Landed data is kept in ${options.folder.replace(`${projectRoot}/`, "")}/; npm start continues from there.`,
    );
  } else {
    lines.push(
      `Up: ${consoleUrl}`,
      "In another terminal: npm run local -- event | sync | status. Ctrl-C stops it and keeps everything landed.",
    );
  }
  return `${lines.join("\n")}\n`;
}
