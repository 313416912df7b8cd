import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from "node:child_process";

/** Starts a process that `endTree` can end with all its child processes: `pwsh` may be a script that starts `dotnet`. */
export function spawnTree(
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): ChildProcessWithoutNullStreams {
  // On POSIX the process leads its own group. On Windows that would open a console, and taskkill finds the tree anyway.
  return spawn(command, args, {
    stdio: "pipe",
    env,
    detached: process.platform !== "win32",
    windowsHide: true,
  });
}

export function endTree({ pid }: { readonly pid?: number | undefined }): void {
  if (pid === undefined) return;
  if (process.platform === "win32") {
    spawnSync("taskkill", ["/pid", String(pid), "/t", "/f"], { stdio: "ignore", windowsHide: true });
    return;
  }
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // It has already ended.
  }
}
