import { writeSync } from "node:fs";
import { Listr, PRESET_TIMER } from "listr2";

/** A command's output: a live list on a terminal, plain lines in a pipe, or only the result for machines. */
export type OutputMode = "live" | "plain" | "json";

/** One named step of a command. */
export interface Step {
  readonly title: string;
  /** Does the work and shows its progress with `report`. Its result is shown when it is done. */
  run(report: (line: string) => void): Promise<string>;
}

/** The mode for an invocation: `--json` wins, then a terminal. */
export function outputMode(json: boolean, stream: NodeJS.WriteStream = process.stdout): OutputMode {
  if (json) return "json";
  return stream.isTTY && process.env.CI === undefined ? "live" : "plain";
}

/** Runs the steps one after the other, each shown once, with its time. The first failure ends the run and is thrown. */
export async function runSteps(steps: readonly Step[], mode: OutputMode): Promise<void> {
  if (mode === "live") return runLive(steps);
  for (const step of steps) {
    const started = performance.now();
    const print = (mark: string, text: string) => {
      if (mode === "plain")
        process.stdout.write(`${mark} ${text} (${seconds(performance.now() - started)})\n`);
    };
    try {
      print("✓", `${step.title}: ${await step.run(() => {})}`);
    } catch (error) {
      print("✗", step.title);
      throw error;
    }
  }
}

async function runLive(steps: readonly Step[]): Promise<void> {
  const list = new Listr(
    steps.map((step) => ({
      title: step.title,
      task: async (_: unknown, task: { title: string; output: string }) => {
        task.title = `${step.title}: ${await step.run((line) => {
          task.output = line;
        })}`;
      },
    })),
    // The command handles signals itself: Listr would end the process before the emulator has stopped.
    {
      registerSignalListeners: false,
      rendererOptions: { timer: PRESET_TIMER, collapseErrors: false, showErrorMessage: false },
    },
  );
  // If a signal ends the process, Listr does not restore the cursor that it has hidden, and it buffers process.stdout.
  const showCursor = () => void writeSync(process.stdout.fd, "\u001b[?25h");
  process.once("exit", showCursor);
  try {
    await list.run();
  } finally {
    process.off("exit", showCursor);
  }
}

/** For example `0.4 s`, `12 s` or `3 min 5 s`. */
export function seconds(milliseconds: number): string {
  const value = milliseconds / 1000;
  if (value < 10) return `${value.toFixed(1)} s`;
  if (value < 120) return `${value.toFixed(0)} s`;
  return `${Math.floor(value / 60)} min ${Math.round(value % 60)} s`;
}

/** For example `20,000`. */
export const count = (value: number): string => value.toLocaleString("en-GB");

/** For example `7.1 MB`. */
export const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;
