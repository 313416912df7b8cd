import { spawnSync } from "node:child_process";
import { projectRoot } from "../../local/places";

/** Runs `npm run …` as people type it, with its own folder. */
export function npm(folder: string, ...args: string[]) {
  const result = spawnSync("npm", ["run", "--silent", ...args], {
    cwd: projectRoot,
    encoding: "utf8",
    env: { ...process.env, QT_LOCAL_FOLDER: folder, CI: "true" },
  });
  return { status: result.status, out: result.stdout, err: result.stderr };
}
