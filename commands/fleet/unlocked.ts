import { hostname } from "node:os";
import { isAlive } from "../../packages/kit/process-lock";
import { stackName } from "../../tenants/stack-name";
import { type PulumiChildOptions, type PulumiEnd, runPulumiChild } from "./pulumi-child";

/**
 * Runs the CLI for a stack. If it is refused because of a lock, and every process that holds one was on this machine and is dead, the lock is
 * released and the CLI runs again: a killed Pulumi leaves its lock in a backend of files or blobs (pkg/backend/diy/lock.go).
 */
export async function runUnlocked(
  args: readonly string[],
  tenant: string,
  options: PulumiChildOptions,
): Promise<PulumiEnd> {
  const ended = await runPulumiChild(args, options);
  if (ended.code === 0 || !isLockDead(ended.stdout + ended.stderr)) return ended;
  await runPulumiChild(["cancel", "--yes", "--stack", stackName(tenant), "--non-interactive"], options);
  return runPulumiChild(args, options);
}

/** True if Pulumi named holders of a lock, and none of them lives. */
export function isLockDead(said: string, host = hostname(), lives = isAlive): boolean {
  if (!said.includes("the stack is currently locked by")) return false;
  const holders = [...said.matchAll(/: created by \S*@(\S+) \(pid (\d+)\) at /g)];
  return holders.length > 0 && holders.every(([, on, pid]) => on === host && !lives(Number(pid)));
}
