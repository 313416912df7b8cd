// Keeps one issue about drift: opened or updated while there is some, closed when it is gone.
//   node scripts/ci/drift-issue.mts <exit code of `npm run fleet -- drift`> <its Markdown file>
import { readFileSync } from "node:fs";
import { commentLimit, gitHub, shortened } from "./github-api.mts";

const marker = "<!-- fleet drift -->";
const title = "Deployed resources differ from the program";

async function main(code: string, file: string): Promise<string> {
  const { GITHUB_SERVER_URL, GITHUB_REPOSITORY, GITHUB_RUN_ID } = process.env;
  const run = `[this run](${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}/actions/runs/${GITHUB_RUN_ID})`;
  if (code !== "0" && code !== "3")
    return `Not every tenant could be looked at (exit code ${code}): the issue stays as it is.`;
  const github = gitHub();
  const issue = await github.find("/issues?state=open&sort=created&direction=asc", marker);
  if (code === "0") {
    if (issue === undefined) return "No drift, and no issue about it.";
    await github.request("POST", `/issues/${issue.number}/comments`, { body: `No drift any more: ${run}.` });
    await github.request("PATCH", `/issues/${issue.number}`, { state: "closed", state_reason: "completed" });
    return `No drift any more: closed issue ${issue.number}.`;
  }
  const head = `${marker}\nFound in ${run}. \`npm run fleet -- up\` brings the program's state back; what should stay belongs into the program.\n\n`;
  const note = "_Cut here; the run's artifact has the rest._";
  const body = `${head}${shortened(readFileSync(file, "utf8"), commentLimit - head.length, note)}`;
  if (issue === undefined) {
    const { number } = (await github.request("POST", "/issues", { title, body })) as { number: number };
    return `Opened issue ${number}.`;
  }
  await github.request("PATCH", `/issues/${issue.number}`, { body });
  return `Updated issue ${issue.number}.`;
}

process.stdout.write(`${await main(process.argv[2] ?? "", process.argv[3] ?? "")}\n`);
