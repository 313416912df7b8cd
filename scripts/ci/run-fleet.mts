// Runs the fleet as a step of a pipeline, and leaves in a folder what is to be shown of it: summary.md (fits a comment), full.md (all).
//   node scripts/ci/run-fleet.mts <folder> <verb> [args…]
// Shows the summary on the run's page and ends as the fleet does; on GitHub the step's output `exit-code` tells how.
import { appendFileSync, existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { commentLimit } from "./github-api.mts";
import { runChild } from "./run-child.mts";
import { showSummary } from "./step-summary.mts";

/** What is written around a summary in a comment, in characters, at most. */
const roomAround = 4000;

/**
 * Runs a verb of the fleet; resolves with its exit code. The folder is made again, and its summary.md always there.
 * Not through npm, which keeps signals for itself.
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
        : `No tenant was looked at (exit code ${code}); the run's log says why.\n`,
    );
  return code;
}

/** Also where an agent keeps its workspace: an earlier run's summary is not shown again. */
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
