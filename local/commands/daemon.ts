import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync } from "node:fs";
import { join, resolve } from "node:path";
import { QtError } from "../../errors/qt-error";
import { folderHolder } from "../../packages/azure-emulator/control-plane/folder-lock";
import { readPolicies } from "../../packages/azure-emulator/control-plane/policy/policy-file";
import { onceEnded } from "../../packages/kit/once-ended";
import { messageOf } from "../../packages/kit/reason-of";
import { projectRoot } from "../places";
import {
  type BringUpOptions,
  type DeployingEmulator,
  deployedText,
  deployInto,
  type RunningEmulator,
  servedBefore,
  startWithEngine,
  stopEmulator,
} from "./bring-up";
import { requireOwnFolder } from "./own-folder";
import { serveAttached } from "./serve-attached";
import { findServer } from "./server-choice";

/** Messages from the background process to the one that started it. */
type Report =
  | { readonly kind: "progress"; readonly line: string }
  | { readonly kind: "up"; readonly line: string }
  /** The deployment failed; what was deployed before is up at this address. */
  | { readonly kind: "refused"; readonly line: string; readonly url: string }
  | { readonly kind: "failed"; readonly line: string };

/** Starts the emulator in its own background process, deploys, and returns when it is up. */
export function upInBackground(options: BringUpOptions, report: (line: string) => void): Promise<string> {
  return startInBackground(options, [], report);
}

/** Starts `serve` in a background process and returns when it is up. @param flags more flags for it */
export async function startInBackground(
  options: BringUpOptions,
  flags: readonly string[],
  report: (line: string) => void,
): Promise<string> {
  const holder = folderHolder(options.folder);
  if (holder !== undefined) throw new QtError("QT9004", { pid: holder });
  await requireOwnFolder(options.folder);
  // Read here too, so that its mistakes are reported as what they are.
  if (options.policy !== undefined) await readPolicies(options.policy);
  mkdirSync(options.folder, { recursive: true, mode: 0o700 });
  // The child finds the URL in the folder: an argument would show its password to everybody on this machine.
  await findServer(options.folder, options.database);
  const args = [join(projectRoot, "commands/local/cli.ts"), "serve", "--stack", options.stack];
  const { child, log } = startDetached(options.folder, [
    ...args,
    ...["--pulumi", options.pulumi],
    ...(options.policy === undefined ? [] : ["--policy", resolve(options.policy)]),
    ...(options.limits === undefined ? [] : ["--limits", options.limits]),
    ...flags,
  ]);
  return new Promise((resolve, reject) => {
    const fail = (message: string) => reject(new QtError("QT9009", { message, folder: options.folder, log }));
    child.once("error", (error) => fail(error.message));
    onceEnded(child, (code) => fail(`it ended with code ${code}`));
    child.on("message", (message: Report) => {
      if (message.kind === "progress") return report(message.line);
      child.removeAllListeners();
      child.disconnect();
      child.unref();
      if (message.kind === "up") resolve(message.line);
      else if (message.kind === "failed") fail(message.line);
      else reject(new QtError("QT9024", { message: message.line, url: message.url }));
    });
  });
}

/** Starts a process that outlives this one, with a channel to it. Its output goes to the folder's log; creates the folder. */
export function startDetached(
  folder: string,
  args: readonly string[],
): { readonly child: ChildProcess; readonly log: string } {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const log = join(folder, "local.log");
  const output = openSync(log, "a", 0o600);
  const child = spawn(process.execPath, ["--require", "tsx/cjs", ...args], {
    cwd: projectRoot,
    detached: true,
    stdio: ["ignore", output, output, "ipc"],
    env: { ...process.env, QT_LOCAL_FOLDER: folder },
  });
  closeSync(output);
  return { child, log };
}

/**
 * The background process: deploys the stack, reports to its parent, and serves until it is asked to stop. If the deployment is refused,
 * it serves what was deployed before.
 */
export async function serve(options: BringUpOptions & { readonly attach?: boolean }): Promise<void> {
  // The parent may be gone: somebody interrupted it.
  const send = (report: Report) => process.connected && process.send?.(report);
  let emulator: RunningEmulator | undefined;
  try {
    if (options.attach) {
      emulator = await serveAttached(options, (line) => send({ kind: "up", line }));
      return;
    }
    const deploying = await startWithEngine(options);
    emulator = deploying;
    send(await deployed(deploying, options, (line) => send({ kind: "progress", line })));
    await emulator.signals.untilSignal();
  } catch (error) {
    send({ kind: "failed", line: messageOf(error) });
    throw error;
  } finally {
    if (emulator !== undefined) await stopEmulator(emulator);
  }
}

/** Deploys, and says what is up. @throws the deployment's error if nothing is */
async function deployed(
  emulator: DeployingEmulator,
  options: BringUpOptions,
  report: (line: string) => void,
): Promise<Report> {
  try {
    return { kind: "up", line: deployedText(await deployInto(emulator, options, report)) };
  } catch (error) {
    const before = await servedBefore(emulator, options);
    if (before === undefined) throw error;
    return { kind: "refused", line: messageOf(error), url: before.console.url };
  }
}

/** Asks the process that runs the emulator to stop and waits until it has stopped. False if none runs. */
export async function stopBackground(folder: string): Promise<boolean> {
  const pid = folderHolder(folder);
  if (pid === undefined) return false;
  process.kill(pid, "SIGTERM");
  // We can only poll for another process's end; it stops within a second or two.
  while (folderHolder(folder) === pid) await new Promise((resolve) => setTimeout(resolve, 50));
  return true;
}
