// Previews what a pull request changes, and leaves in a folder what is to be shown of it:
//   summary.md (fits a comment), full.md (everything), pull-request.txt (whose it is).
//   node scripts/ci/preview.mts --base <ref> --pull-request <number> --out <folder> [--local]
// Ends as `npm run fleet -- preview` does.
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { changesBetween, selectTenants } from "./changed-tenants.mts";
import { commentLimit } from "./github-api.mts";
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

mkdirSync(out, { recursive: true });
writeFileSync(join(out, "pull-request.txt"), `${number}\n`);
const file = (name: string) => join(out, name);
const commit = execFileSync("git", ["rev-parse", "--verify", "--end-of-options", `${base}^{commit}`], {
  encoding: "utf8",
}).trim();
const { tenants, removed } = selectTenants(changesBetween(commit));

let status = 0;
let text = "Nothing that is deployed changed.\n";
if (tenants === "all" || tenants.length > 0) {
  const result = spawnSync(
    "npm",
    [
      ...["run", "--silent", "fleet", "--", "preview"],
      ...(tenants === "all" ? [] : ["--tenant", tenants.join(",")]),
      ...(local ? ["--local", "--base", commit] : []),
      // Room for what this script and the comment write above it.
      ...["--markdown", file("fleet.md"), "--comment-limit", String(commentLimit - 4000)],
      ...["--artifact", file("full.md")],
    ],
    { stdio: "inherit" },
  );
  status = result.status ?? 1;
  text = existsSync(file("fleet.md"))
    ? readFileSync(file("fleet.md"), "utf8")
    : `The preview was not made (exit code ${status}); the run's log says why.\n`;
}
const where = local
  ? `In the local stand-in, without any cloud credential: the program of ${commit.slice(0, 10)} deployed, this change previewed on it.`
  : "Against the deployed stacks.";
const gone = removed.map(
  (name) =>
    `**${name}**: its file is removed, its stack is not. \`npm run fleet -- destroy --tenant ${name}\`, before the merge, takes it down.\n\n`,
);
writeFileSync(file("summary.md"), `${where}\n\n${gone.join("")}${text}`);
showSummary(file("summary.md"));
process.exit(status);
