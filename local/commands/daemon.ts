import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync } from "node:fs";
import { join } from "node:path";
import { QtError } from "../../errors/qt-error";
import { folderHolder } from "../../packages/azure-emulator/control-plane/folder-lock";
import { messageOf } from "../../packages/kit/reason-of";
import { projectRoot } from "../places";
import { type BringUpOptions, bringUp, deployedText, stopEmulator } from "./bring-up";
import { requireOwnFolder } from "./own-folder";
import { findServer } from "./server-choice";

/** Messages from the background process to the one that started it. */
type Report =
  | { readonly kind: "progress"; readonly line: string }
  | { readonly kind: "up"; readonly line: string }
  | { readonly kind: "failed"; readonly line: string };

/** Starts the emulator in its own background process and returns when it is up. */
export async function upInBackground(
  options: BringUpOptions,
  report: (line: string) => void,
): Promise<string> {
  const holder = folderHolder(options.folder);
  if (holder !== undefined) throw new QtError("QT9004", { pid: holder });
  await requireOwnFolder(options.folder);
  mkdirSync(options.folder, { recursive: true, mode: 0o700 });
  // The child finds the URL in the folder: an argument would show its password to everybody on this machine.
  await findServer(options.folder, options.database);
  const args = [join(projectRoot, "commands/local/cli.ts"), "serve", "--stack", options.stack];
  const { child, log } = startDetached(options.folder, [...args, "--pulumi", options.pulumi]);
  return new Promise((resolve, reject) => {
    const fail = (message: string) => reject(new QtError("QT9009", { message, folder: options.folder, log }));
    child.once("error", (error) => fail(error.message));
    child.once("exit", (code) => fail(`it ended with code ${code}`));
    child.on("message", (message: Report) => {
      if (message.kind === "progress") return report(message.line);
      child.removeAllListeners();
      child.disconnect();
      child.unref();
      if (message.kind === "up") resolve(message.line);
      else fail(message.line);
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

/** The background process: brings the stack up, reports to its parent, and serves until it is asked to stop. */
export async function serve(options: BringUpOptions): Promise<void> {
  const send = (report: Report) => process.send?.(report);
  try {
    const running = await bringUp(options, (line) => send({ kind: "progress", line }));
    send({ kind: "up", line: deployedText(running) });
    await running.signals.untilSignal();
    await stopEmulator(running);
  } catch (error) {
    send({ kind: "failed", line: messageOf(error) });
    throw error;
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
