import { type OutputMode, runSteps, type Step } from "../../commands/progress";
import type { BringUpOptions } from "./bring-up";
import { tearDown } from "./bring-up";
import { stopBackground, upInBackground } from "./daemon";
import { findServer, removeEverything } from "./server-choice";

const stopStep = (folder: string): Step => ({
  title: "Stop the local environment",
  run: async () => ((await stopBackground(folder)) ? "stopped" : "was not running"),
});

/** Stops the process that runs the emulator; everything landed is kept. */
export async function stop(folder: string, mode: OutputMode): Promise<void> {
  await runSteps([stopStep(folder)], mode);
  if (mode === "json") process.stdout.write(`${JSON.stringify({ stopped: true })}\n`);
}

/** Destroys the stack with Pulumi and removes everything local. */
export async function down(options: BringUpOptions, mode: OutputMode): Promise<void> {
  const steps = [
    stopStep(options.folder),
    {
      title: "Destroy the stack",
      run: async (report: (line: string) => void) => {
        const deleted = await tearDown(options, report);
        return `${deleted} deleted`;
      },
    },
  ];
  await runSteps(steps, mode);
  if (mode === "json") process.stdout.write(`${JSON.stringify({ down: true })}\n`);
}

/** Deletes all local data and deploys again on the same engine. */
export async function reset(options: BringUpOptions, mode: OutputMode): Promise<void> {
  let database: string | undefined;
  const steps = [
    {
      title: "Delete all local data",
      run: async () => {
        await stopBackground(options.folder);
        database = (await findServer(options.folder, undefined))?.url;
        await removeEverything(options.folder);
        return "done";
      },
    },
    {
      title: "Deploy with Pulumi into the local emulator of Azure",
      run: (report: (line: string) => void) => upInBackground({ ...options, database }, report),
    },
  ];
  await runSteps(steps, mode);
  if (mode === "json") process.stdout.write(`${JSON.stringify({ reset: true })}\n`);
}
