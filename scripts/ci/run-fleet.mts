// Runs the fleet as a step of a pipeline, and writes the result into a folder: summary.md (fits a comment), full.md (everything).
//   node scripts/ci/run-fleet.mts <folder> <verb> [args…]
// Shows the summary on the run's page and exits with the fleet's code, which is also the step's output `exit-code` on GitHub.
import { appendFileSync, existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { commentLimit } from "./github-api.mts";
import { runChild } from "./run-child.mts";
import { showSummary } from "./step-summary.mts";

/** Room for the text around a summary in a comment, in characters. */
const roomAround = 4000;

/**
 * Runs a verb of the fleet; resolves with its exit code. The folder is recreated, and always has a summary.md.
 * Does not use npm, which does not forward signals.
 */
export async function runFleet(folder: string, args: readonly string[]): Promise<number> {
  const file = (name: string) => join(folder, name);
  emptyFolder(folder);
  const code = await runChild(process.execPath, [
    ...["scripts/bootstrap.mjs", "commands/fleet/cli.ts", ...args],
    ...["--markdown", file("summary.md"), "--comment-limit", String(commentLimit - roomAround)],
    ...["--artifact", file("full.md")],
  ]);
  if (!existsSync(file("summary.md")))
    writeFileSync(
      file("summary.md"),
      code === 0
        ? "No tenant is selected: nothing to do.\n"
        : `No tenant was processed (exit code ${code}); the run's log says why.\n`,
    );
  return code;
}

/** An agent may keep its workspace: an earlier run's summary must not be shown again. */
export function emptyFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
}

if (process.argv[1] === import.meta.filename) {
  const [folder = "fleet", ...args] = process.argv.slice(2);
  const code = await runFleet(folder, args);
  showSummary(join(folder, "summary.md"));
  if (process.env.GITHUB_OUTPUT) appendFileSync(process.env.GITHUB_OUTPUT, `exit-code=${code}\n`);
  process.exit(code);
}
