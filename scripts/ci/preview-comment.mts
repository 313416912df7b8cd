// Posts a preview as one comment on its pull request, and edits that comment later.
//   node scripts/ci/preview-comment.mts <folder of the preview's artifact>
// Runs in a workflow_run: the event comes from GitHub, the artifact from code that nobody may have reviewed.
import { existsSync, lstatSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { commentLimit, gitHub } from "./github-api.mts";
import { contained } from "./untrusted-markdown.mts";

interface WorkflowRun {
  readonly head_sha: string;
  /** Null if the fork is gone. */
  readonly head_repository: { readonly full_name: string } | null;
  readonly html_url: string;
  /** The pull requests of this branch; none for a fork. */
  readonly pull_requests?: readonly { readonly number: number }[];
}

interface PullRequest {
  readonly state: string;
  readonly head: { readonly sha: string; readonly repo: { readonly full_name: string } | null };
}

const marker = "<!-- fleet preview -->";

/** @throws Error if it is not an ordinary file, or is larger than a preview can be. */
function untrustedFile(folder: string, name: string, limit: number): string {
  const file = join(folder, name);
  const stat = lstatSync(file);
  if (!stat.isFile()) throw new Error(`${name} in the artifact is not a file`);
  if (stat.size > limit)
    throw new Error(`${name} in the artifact has ${stat.size} bytes, more than ${limit}`);
  return readFileSync(file, "utf8");
}

/** An older commit's preview must not stand as the newest one's: its comment then says that there is none. */
async function withdraw(run: WorkflowRun): Promise<string> {
  const none = "Not posted: the preview's run left no artifact.";
  const number = run.pull_requests?.[0]?.number ?? (await pullOf(run));
  if (number === undefined) return none;
  const github = gitHub();
  const pull = (await github.request("GET", `/pulls/${number}`)) as PullRequest;
  const posted = await github.find(`/issues/${number}/comments`, marker);
  if (posted === undefined || pull.state !== "open" || pull.head.sha !== run.head_sha) return none;
  const body = `${marker}\n### No preview of ${run.head_sha.slice(0, 10)}\n\n<sub>[Its run](${run.html_url}) ended before there was one. An earlier commit's preview was here.</sub>`;
  await github.request("PATCH", `/issues/comments/${posted.id}`, { body });
  return `${none} The comment of an earlier commit is withdrawn.`;
}

/** GitHub does not name a fork's pull request in the event. */
async function pullOf({ head_sha: sha, head_repository: from }: WorkflowRun): Promise<number | undefined> {
  const pulls = (await gitHub().request("GET", `/commits/${sha}/pulls`)) as (PullRequest & {
    readonly number: number;
  })[];
  return pulls.find(
    ({ state, head }) => state === "open" && head.sha === sha && head.repo?.full_name === from?.full_name,
  )?.number;
}

async function main(folder: string): Promise<string> {
  const event = JSON.parse(readFileSync(process.env.GITHUB_EVENT_PATH ?? "", "utf8")) as {
    workflow_run: WorkflowRun;
  };
  const run = event.workflow_run;
  if (!existsSync(folder)) return withdraw(run);
  const number = untrustedFile(folder, "pull-request.txt", 16).trim();
  if (!/^[1-9]\d{0,9}$/.test(number)) throw new Error("pull-request.txt in the artifact is not a number");
  const github = gitHub();
  const pull = (await github.request("GET", `/pulls/${number}`)) as PullRequest;
  // The artifact may name any pull request. It is trusted only if GitHub says that this run was of that pull request's newest commit.
  if (
    pull.state !== "open" ||
    pull.head.sha !== run.head_sha ||
    run.head_repository === null ||
    pull.head.repo?.full_name !== run.head_repository.full_name
  )
    return `Not posted: ${run.head_sha} is not the head of the open pull request ${number}.`;

  // Says above the text who wrote it; nothing in the text can change that.
  const head = `${marker}
### Preview of ${run.head_sha.slice(0, 10)}

<sub>Made by the pull request's own code in [this run](${run.html_url}), whose artifact \`preview\` has the full text.</sub>

`;
  const text = untrustedFile(folder, "summary.md", 4 << 20);
  const body = `${head}${contained(text, commentLimit - head.length, "_Cut here; the artifact has the rest._")}`;
  const posted = await github.find(`/issues/${number}/comments`, marker);
  if (posted === undefined) {
    await github.request("POST", `/issues/${number}/comments`, { body });
    return `Commented on pull request ${number}.`;
  }
  if (posted.body !== body) await github.request("PATCH", `/issues/comments/${posted.id}`, { body });
  return `The comment on pull request ${number} is up to date.`;
}

await main(process.argv[2] ?? ".").then(
  (said) => process.stdout.write(`${said}\n`),
  (error: Error) => {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  },
);
