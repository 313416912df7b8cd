import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, realpath, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { commitOf } from "../../commands/fleet/checkout";
import { QtError } from "../../errors/qt-error";
import { isAlive } from "../../packages/kit/process-lock";

const run = promisify(execFile);

/** A commit's files in a temporary folder. */
export interface BaseTree {
  /** The commit's full hash. */
  readonly commit: string;
  readonly folder: string;
  /** True if the commit needs other packages than the working tree, whose packages it runs with anyway. */
  readonly otherPackages: boolean;
  remove(): Promise<void>;
}

/**
 * Writes the files of a commit into a temporary folder. Only the commit's tree must be in the repository; the
 * checkout's working tree and index are not touched.
 * @throws QtError QT9510 if git knows no such commit.
 */
export async function checkOutBase(projectRoot: string, ref: string): Promise<BaseTree> {
  const git = async (args: readonly string[], env: NodeJS.ProcessEnv = {}) => {
    const { stdout } = await run("git", [...args], { cwd: projectRoot, env: { ...process.env, ...env } });
    return stdout.trim();
  };
  const commit = commitOf(projectRoot, ref);
  if (commit === undefined) throw new QtError("QT9510", { ref });
  await removeStrays();
  const folder = await realpath(await mkdtemp(join(tmpdir(), `qt-base-${process.pid}-`)));
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    const index = { GIT_INDEX_FILE: join(folder, ".index") };
    await git(["read-tree", commit], index);
    await git(["checkout-index", "--all", `--prefix=${folder}/`], index);
    await rm(index.GIT_INDEX_FILE, { force: true });
    const packages = join(projectRoot, "node_modules");
    if (existsSync(packages)) await symlink(packages, join(folder, "node_modules"), "junction");
    const lock = await git(["diff", "--name-only", commit, "--", "package-lock.json"]);
    return { commit, folder, otherPackages: lock !== "", remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** Removes what killed processes left behind. */
async function removeStrays(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const pid = Number(/^qt-base-(\d+)-/.exec(name)?.[1] ?? process.pid);
    if (!isAlive(pid)) await rm(join(tmpdir(), name), { recursive: true, force: true });
  }
}
