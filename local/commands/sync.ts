import { type OutputMode, runSteps } from "../../commands/progress";
import { requireEnvironment } from "../environment";
import { type SyncReport, sync } from "./emulator-client";
import { syncText } from "./texts";

/** One Fivetran sync of the stack's connection. */
export async function syncCommand(options: {
  readonly folder: string;
  readonly stack: string;
  readonly resync: boolean;
  readonly mode: OutputMode;
}): Promise<void> {
  const environment = await requireEnvironment(options.folder, options.stack);
  let report: SyncReport | undefined;
  const run = async () => {
    report = await sync(environment, options.resync);
    return syncText(report);
  };
  await runSteps([{ title: options.resync ? "Fivetran resync" : "Fivetran sync", run }], options.mode);
  if (options.mode === "json") process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
}
