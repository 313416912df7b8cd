import { spawn } from "node:child_process";
import { constants } from "node:os";

/**
 * Runs a command in place of this process: with its input and output, forwarding every request to stop. Resolves with the exit code,
 * or with 128 plus the signal's number if a signal ended it.
 */
export function runChild(
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<number> {
  const child = spawn(command, args, { stdio: "inherit", env });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) =>
      resolve(signal === null ? (code ?? 1) : 128 + constants.signals[signal]),
    );
  });
}
