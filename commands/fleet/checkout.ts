import { spawnSync } from "node:child_process";
import { tenantNames, tenantsAmong } from "../../tenants/tenant-files";

/**
 * What a checkout is at, for people: `4f0c1d2e3b5a`, or `4f0c1d2e3b5a with uncommitted changes`.
 * @returns undefined where git knows no commit.
 */
export function checkoutCommit(root: string): string | undefined {
  const commit = commitOf(root, "HEAD");
  if (commit === undefined) return undefined;
  const isClean = git(root, "status", "--porcelain") === "";
  return `${commit.slice(0, 12)}${isClean ? "" : " with uncommitted changes"}`;
}

/** The full hash of a commit; undefined where git knows no such one. */
export function commitOf(root: string, ref: string): string | undefined {
  return git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", `${ref}^{commit}`)?.trim();
}

/**
 * Tenants whose files a commit has and the working tree has not.
 * @param ref where git knows none, there are none: the preview says so.
 */
export function goneTenants(root: string, ref: string): string[] {
  const commit = commitOf(root, ref);
  if (commit === undefined) return [];
  const files = git(root, "ls-tree", "--name-only", "-z", commit)?.split("\0") ?? [];
  const present = tenantNames(root);
  return tenantsAmong(files).filter((name) => !present.includes(name));
}

function git(root: string, ...args: readonly string[]): string | undefined {
  const { status, stdout } = spawnSync("git", [...args], { cwd: root, encoding: "utf8" });
  return status === 0 ? stdout : undefined;
}
