// Shows a Markdown file on the page of the run, on GitHub Actions and on Azure Pipelines.
//   node scripts/ci/step-summary.mts <file>       a file that was never written is no error
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";

export function showSummary(file: string): void {
  if (!existsSync(file)) return;
  const { GITHUB_STEP_SUMMARY, TF_BUILD } = process.env;
  if (GITHUB_STEP_SUMMARY) appendFileSync(GITHUB_STEP_SUMMARY, `${readFileSync(file, "utf8")}\n`);
  else if (TF_BUILD) process.stdout.write(`##vso[task.uploadsummary]${resolve(file)}\n`);
}

if (process.argv[1] === import.meta.filename) showSummary(process.argv[2] ?? "");
