import { runSteps } from "../../commands/progress";
import { QtError } from "../../errors/qt-error";
import { folderHolder } from "../../packages/azure-emulator/control-plane/folder-lock";
import { toolPath } from "../../packages/azure-emulator/engine";
import { findPulumi, hasLanguageHost } from "../../packages/kit/find-pulumi";
import { project } from "../places";
import type { BringUpOptions } from "./bring-up";
import { startInBackground } from "./daemon";
import { type VariableFormat, variableText } from "./env";
import { findAttached } from "./serve-attached";

/**
 * Starts the emulator in the background, deploys nothing, and prints the variables with which a Pulumi CLI deploys to it. If it runs so already,
 * only prints them.
 * @throws QtError QT9026 if it runs without
 */
export async function attach(options: BringUpOptions, format: VariableFormat): Promise<void> {
  const { folder } = options;
  const pid = folderHolder(folder);
  const found = await findAttached(folder);
  if (pid !== undefined && found?.pid !== pid) throw new QtError("QT9026", { pid });
  if (pid === undefined)
    // Its output is read by a shell, so that the step is not shown.
    await runSteps(
      [{ title: "Start", run: (report) => startInBackground(options, ["--attach"], report) }],
      "json",
    );
  const { environment = {} } = (await findAttached(folder)) ?? {};
  // The CLI is where the caller finds it, who may have another PATH than the first.
  process.stdout.write(variableText({ ...environment, PATH: toolPath(project) }, format));
  const cli = findPulumi();
  if (cli === undefined || !hasLanguageHost(cli)) process.stderr.write(`${noHost}\n`);
}

const noHost =
  "The variables work with a complete Pulumi CLI, and none is on PATH: https://www.pulumi.com/docs/install/ (`pulumi` with pulumi-language-nodejs).";
