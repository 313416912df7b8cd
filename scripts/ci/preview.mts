// Previews what a pull request changes, and writes the result into a folder:
//   summary.md (fits a comment), full.md (everything), pull-request.txt (its number).
//   node scripts/ci/preview.mts --base <ref> --pull-request <number> --out <folder> [--local]
// Ends as `npm run fleet -- preview` does.
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { changesBetween, selectTenants, wasEmulatorOnly } from "./changed-tenants.mts";
import { emptyFolder, runFleet } from "./run-fleet.mts";
import { showSummary } from "./step-summary.mts";

const { values } = parseArgs({
  options: {
    base: { type: "string" },
    "pull-request": { type: "string" },
    out: { type: "string" },
    local: { type: "boolean", default: false },
  },
});
const { base, out, local } = values;
const number = values["pull-request"];
if (base === undefined || out === undefined || number === undefined) {
  process.stderr.write("Needed: --base <ref> --pull-request <number> --out <folder>\n");
  process.exit(2);
}

const file = (name: string) => join(out, name);
const commit = execFileSync("git", ["rev-parse", "--verify", "--end-of-options", `${base}^{commit}`], {
  encoding: "utf8",
}).trim();
const { tenants: changed, removed: gone } = selectTenants(changesBetween(commit));
// A tenant that only the emulator had has no stack.
const removed = local ? gone : gone.filter((name) => !wasEmulatorOnly(commit, name));
// Against a commit, the fleet itself reports tenants whose file was removed; against the deployed stacks it does not know them.
const tenants = changed === "all" || !local ? changed : [...changed, ...removed];

let status = 0;
if (tenants === "all" || tenants.length > 0)
  status = await runFleet(out, [
    "preview",
    ...(tenants === "all" ? [] : ["--tenant", tenants.join(",")]),
    ...(local ? ["--local", "--base", commit] : []),
  ]);
else {
  emptyFolder(out);
  writeFileSync(
    file("summary.md"),
    removed.length > 0 ? "Nothing else changes.\n" : "Nothing that is deployed changed.\n",
  );
}
const where = local
  ? `In the local emulator, without any cloud credential: the program of ${commit.slice(0, 10)} deployed, this change previewed on it.`
  : `Against the deployed stacks. What is merged and not yet deployed shows here too: main is at ${commit.slice(0, 10)}.`;
const left = (local ? [] : removed).map(
  (name) =>
    `**${name}**: its file is removed. A tenant goes in two steps: \`quantemplate:retired: true\` in its file, which its deployment then takes down, and after that the file's removal. If that deployment is done, merge this. If not, do not: its stack would stay, with all that is deployed, and the nightly check would name it.\n\n`,
);
const text = readFileSync(file("summary.md"), "utf8");
writeFileSync(file("summary.md"), `${where}\n\n${left.join("")}${text}`);
writeFileSync(file("pull-request.txt"), `${number}\n`);
showSummary(file("summary.md"));
process.exit(status);
