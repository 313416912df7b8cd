import { appendFileSync, readFileSync } from "node:fs";
import { resolve } from "node:path";

/**
 * Shows a Markdown file on the page of the run, on GitHub Actions and on Azure Pipelines; there the variable `hasSummary` tells the steps
 * after it that there is something to publish.
 */
export function showSummary(file: string): void {
  const { GITHUB_STEP_SUMMARY, TF_BUILD } = process.env;
  if (GITHUB_STEP_SUMMARY) appendFileSync(GITHUB_STEP_SUMMARY, `${readFileSync(file, "utf8")}\n`);
  else if (TF_BUILD)
    process.stdout.write(
      `##vso[task.uploadsummary]${resolve(file)}\n##vso[task.setvariable variable=hasSummary]true\n`,
    );
}
