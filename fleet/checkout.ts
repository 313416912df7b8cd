import { spawnSync } from "node:child_process";

/**
 * What a checkout is at, for people: `4f0c1d2e3b5a`, or `4f0c1d2e3b5a with uncommitted changes`.
 * @returns undefined where git knows no commit.
 */
export function checkoutCommit(root: string): string | undefined {
  const commit = git(root, "rev-parse", "--verify", "HEAD")?.trim();
  if (commit === undefined) return undefined;
  const isClean = git(root, "status", "--porcelain") === "";
  return `${commit.slice(0, 12)}${isClean ? "" : " with uncommitted changes"}`;
}

function git(root: string, ...args: readonly string[]): string | undefined {
  const { status, stdout } = spawnSync("git", [...args], { cwd: root, encoding: "utf8" });
  return status === 0 ? stdout : undefined;
}
