import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import type { PulumiChoice } from "../../packages/azure-emulator/engine";
import { projectRoot } from "./emulator";

/** The emulator in its own process, as `npm run local -- up` starts it; its messages report progress. */
export function spawnServe(folder: string, pulumi: PulumiChoice, stderr: "ignore" | "inherit"): ChildProcess {
  const serve = [join(projectRoot, "commands/local/cli.ts"), "serve", "--stack", "dev", "--pulumi", pulumi];
  return spawn(process.execPath, ["--require", "tsx/cjs", ...serve], {
    cwd: projectRoot,
    stdio: ["ignore", "ignore", stderr, "ipc"],
    env: { ...process.env, QT_LOCAL_FOLDER: folder },
  });
}
