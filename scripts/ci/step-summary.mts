import { appendFileSync, readFileSync } from "node:fs";
import { resolve } from "node:path";

/**
 * Shows a Markdown file on the run's page, on GitHub Actions and on Azure Pipelines. There it also sets the variable `hasSummary`,
 * so that later steps know that there is something to publish.
 */
export function showSummary(file: string): void {
  const { GITHUB_STEP_SUMMARY, TF_BUILD } = process.env;
  if (GITHUB_STEP_SUMMARY) appendFileSync(GITHUB_STEP_SUMMARY, `${readFileSync(file, "utf8")}\n`);
  else if (TF_BUILD)
    process.stdout.write(
      `##vso[task.uploadsummary]${resolve(file)}\n##vso[task.setvariable variable=hasSummary]true\n`,
    );
}
