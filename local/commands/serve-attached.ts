import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { attachProviders } from "../../packages/azure-emulator/engine";
import { restoreEnvironments } from "../deploy-stack";
import { project } from "../places";
import { type BringUpOptions, type RunningEmulator, startHere } from "./bring-up";

/** What a CLI of one's own needs; beside the emulator's state while it is served, readable by its owner only. */
interface Attached {
  readonly pid: number;
  readonly environment: Readonly<Record<string, string>>;
}

const fileOf = (folder: string) => join(folder, "attached.json");

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

/** What is served, or was until its process was killed. */
export async function findAttached(folder: string): Promise<Attached | undefined> {
  const text = await readFile(fileOf(folder), "utf8").catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as Attached);
}
