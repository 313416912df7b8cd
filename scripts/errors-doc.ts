import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { catalogue } from "../errors/catalogue";
import { projectPhrases } from "../local/emulator-phrases";
import { emulatorErrors } from "../packages/azure-emulator/errors/emulator-error";
import type { ErrorCatalogue } from "../packages/kit/errors/error-entry";
import { fill } from "../packages/kit/errors/fill";

const areas: Record<string, string> = {
  QT1: "Configuration and the Pulumi program",
  QT2: "Automation",
  QT3: "Data Factory",
  QT4: "Database (the SQL error number is 50000 plus the digits: QT4001 is 54001)",
  QT5: "The Fivetran function",
  QT6: "The emulator's control plane and SQL",
  QT7: "The emulator's Pulumi engine",
  QT8: "Quantemplate and Fivetran in the emulator",
  QT9: "Command line",
};

/** The product's errors, and the emulator's with this project's phrases filled in. */
const allErrors: ErrorCatalogue = { ...catalogue, ...inPhrases(emulatorErrors) };

function inPhrases(errors: ErrorCatalogue): ErrorCatalogue {
  const said = (text: string) => fill(text, projectPhrases);
  return Object.fromEntries(
    Object.entries(errors).map(([code, { what, safe, next }]) => [
      code,
      { what: said(what), safe: said(safe), next: said(next) },
    ]),
  );
}

/** The text of docs/errors.md; a test compares the file with it. */
export function errorsDocument(): string {
  const entries = Object.entries(allErrors).sort(([a], [b]) => a.localeCompare(b));
  const lines = [
    "# Errors",
    "",
    "Every error that the project raises on purpose, by code: what happened, what is safe, and what to do next. Words in braces are",
    "filled in. This page is made from `errors/` and `packages/azure-emulator/errors/` by `npm run docs:errors`; a test fails if they",
    "differ.",
  ];
  for (const [prefix, title] of Object.entries(areas)) {
    const part = entries.filter(([code]) => code.startsWith(prefix));
    if (part.length === 0) continue;
    lines.push("", `## ${title}`);
    for (const [code, { what, safe, next }] of part) {
      lines.push("", `### ${code}`, "", what, "", `- Safe: ${safe}`, `- Next: ${next}`);
    }
  }
  return `${lines.join("\n")}\n`;
}

if (require.main === module) writeFileSync(join(__dirname, "..", "docs", "errors.md"), errorsDocument());
