import type { BringUpOptions } from "./bring-up";
import { tearDown } from "./bring-up";
import { stopBackground, upInBackground } from "./daemon";
import { removeOwnFolder } from "./own-folder";
import { type OutputMode, runSteps } from "./progress";

/** Destroys the stack with Pulumi and removes everything local. */
export async function down(options: BringUpOptions, mode: OutputMode): Promise<void> {
  const steps = [
    {
      title: "Stop the local environment",
      run: async () => ((await stopBackground(options.folder)) ? "stopped" : "was not running"),
    },
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

/** Throws away all local data and deploys again. */
export async function reset(options: BringUpOptions, mode: OutputMode): Promise<void> {
  const steps = [
    {
      title: "Throw away all local data",
      run: async () => {
        await stopBackground(options.folder);
        await removeOwnFolder(options.folder);
        return "done";
      },
    },
    {
      title: "Deploy with Pulumi into the local stand-in of Azure",
      run: (report: (line: string) => void) => upInBackground(options, report),
    },
  ];
  await runSteps(steps, mode);
  if (mode === "json") process.stdout.write(`${JSON.stringify({ reset: true })}\n`);
}
