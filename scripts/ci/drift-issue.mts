// Keeps one issue about drift: opened or updated if there is drift or a tenant could not be checked, closed when all are as deployed.
//   node scripts/ci/drift-issue.mts <exit code of `npm run fleet -- drift`> <its Markdown file>
import { readFileSync } from "node:fs";
import { commentLimit, gitHub } from "./github-api.mts";
import { contained } from "./untrusted-markdown.mts";

const marker = "<!-- fleet drift -->";
const title = "Deployed resources differ from the program";

/** The issue's text above the summary, by exit code; any other code says nothing about the tenants. */
const meanings: Readonly<Record<string, string>> = {
  1: "Not every tenant could be checked, or a stack has no file; those named below with a reason may or may not differ.",
  3: "The workflow `operate` with `up-refresh` restores what the program declares. To keep a change, put it into the program.",
};

async function main(code: string, file: string): Promise<string> {
  const { GITHUB_SERVER_URL, GITHUB_REPOSITORY, GITHUB_RUN_ID } = process.env;
  const run = `[this run](${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}/actions/runs/${GITHUB_RUN_ID})`;
  const meaning = meanings[code];
  if (code !== "0" && meaning === undefined)
    return `Nothing was checked (exit code ${code}): the issue stays as it is.`;
  const github = gitHub();
  const issue = await github.find("/issues?state=open&sort=created&direction=asc", marker);
  if (meaning === undefined) {
    if (issue === undefined) return "No drift, and no issue about it.";
    await github.request("POST", `/issues/${issue.number}/comments`, { body: `No drift any more: ${run}.` });
    await github.request("PATCH", `/issues/${issue.number}`, { state: "closed", state_reason: "completed" });
    return `No drift any more: closed issue ${issue.number}.`;
  }
  const head = `${marker}\nFound in ${run}. ${meaning}\n\n`;
  const note = "_Cut here; the run's artifact has the rest._";
  const body = `${head}${contained(readFileSync(file, "utf8"), commentLimit - head.length, note)}`;
  if (issue === undefined) {
    const { number } = (await github.request("POST", "/issues", { title, body })) as { number: number };
    return `Opened issue ${number}.`;
  }
  await github.request("PATCH", `/issues/${issue.number}`, { body });
  return `Updated issue ${issue.number}.`;
}

await main(process.argv[2] ?? "", process.argv[3] ?? "").then(
  (said) => process.stdout.write(`${said}\n`),
  (error: Error) => {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  },
);
