import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { azureRules } from "../packages/azure-emulator/azure-rules";
import type { AzureRule } from "../packages/azure-emulator/control-plane/rules/azure-rule";

/** The text of docs/azure-rules.md; a test compares the file with it. */
export function azureRulesDocument(): string {
  const lines = [
    "# Azure's rules in the emulator",
    "",
    "What the emulator refuses, hides or ignores because Azure does: the answer, the public source, and the tests that fail if the rule is",
    "taken away. This page is made from the rules beside the code that enforces them by `npm run docs:rules`; a test fails if they",
    "differ. Tests are below `packages/azure-emulator/`.",
  ];
  for (const { area, rules } of azureRules) {
    lines.push("", `## ${area}`, "", "| rule | answer | source | test |", "|---|---|---|---|");
    for (const rule of Object.values(rules)) lines.push(row(rule));
  }
  return `${lines.join("\n")}\n`;
}

function row({ what, answer, source, test, moreTests = [], toggle }: AzureRule): string {
  const off = toggle === undefined ? "" : ` (switch: \`${toggle}\`)`;
  const cells = [
    `${what}${off}`,
    [answer.status, answer.code !== undefined && `\`${answer.code}\``].filter(Boolean).join(" "),
    source,
    [test, ...moreTests].map(([file, title]) => `\`${file}\`: ${title}`).join("; "),
  ];
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}

if (require.main === module)
  writeFileSync(join(__dirname, "..", "docs", "azure-rules.md"), azureRulesDocument());
