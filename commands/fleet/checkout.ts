import { spawnSync } from "node:child_process";
import { tenantNames, tenantsAmong } from "../../tenants/tenant-files";

/**
 * The commit of a checkout, for people: `4f0c1d2e3b5a`, or `4f0c1d2e3b5a with uncommitted changes`.
 * @returns undefined if git knows no commit.
 */
export function checkoutCommit(root: string): string | undefined {
  const commit = commitOf(root, "HEAD");
  if (commit === undefined) return undefined;
  const isClean = git(root, "status", "--porcelain") === "";
  return `${commit.slice(0, 12)}${isClean ? "" : " with uncommitted changes"}`;
}

/** The full hash of a commit; undefined if git does not know it. */
export function commitOf(root: string, ref: string): string | undefined {
  return git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", `${ref}^{commit}`)?.trim();
}

/**
 * Tenants whose files a commit has, but the working tree does not.
 * @param ref If git does not know it, the result is empty; the preview reports that.
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
