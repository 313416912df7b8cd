import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { runSteps } from "../../commands/progress";
import { QtError } from "../../errors/qt-error";
import { folderHolder } from "../../packages/azure-emulator/control-plane/folder-lock";
import { attachProviders, toolPath } from "../../packages/azure-emulator/engine";
import { findPulumi, hasLanguageHost } from "../../packages/kit/find-pulumi";
import { restoreEnvironments } from "../deploy-stack";
import { project } from "../places";
import { type BringUpOptions, type RunningEmulator, startHere } from "./bring-up";
import { startInBackground } from "./daemon";
import { type VariableFormat, variableText } from "./env";

/** What a CLI of one's own needs; beside the emulator's state while it is served, readable by its owner only. */
interface Attached {
  readonly pid: number;
  readonly environment: Readonly<Record<string, string>>;
}

const fileOf = (folder: string) => join(folder, "attached.json");

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

/** What the background process does: serves the emulator and its providers until a signal. @param onUp is told when they are up */
export async function serveAttached(
  options: BringUpOptions,
  onUp: (line: string) => void,
): Promise<RunningEmulator> {
  const { folder } = options;
  const emulator = await startHere(options);
  const { context, controlPlane } = emulator.azure;
  const { environment, close } = await attachProviders({ project, folder, context, controlPlane });
  await restoreEnvironments(emulator.azure, folder);
  const attached: Attached = { pid: process.pid, environment };
  await writeFile(fileOf(folder), JSON.stringify(attached), { mode: 0o600 });
  onUp("The emulator is up");
  await emulator.signals.untilSignal();
  close();
  await rm(fileOf(folder), { force: true });
  return emulator;
}

async function findAttached(folder: string): Promise<Attached | undefined> {
  const text = await readFile(fileOf(folder), "utf8").catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as Attached);
}
