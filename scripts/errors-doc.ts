import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { catalogue } from "../errors/catalogue";
import type { ErrorEntry } from "../errors/error-entry";

const areas: Record<string, string> = {
  QT1: "Configuration and the Pulumi program",
  QT2: "Automation",
  QT3: "Data Factory",
  QT4: "Database (the SQL error number is 50000 plus the digits: QT4001 is 54001)",
  QT5: "The Fivetran function",
  QT6: "The stand-in's control plane and SQL",
  QT7: "Pulumi engine and function host of the stand-in",
  QT8: "Quantemplate and Fivetran of the stand-in",
  QT9: "Command line",
};

/** The text of docs/errors.md; a test holds the file against it. */
export function errorsDocument(): string {
  const entries = Object.entries(catalogue as Record<string, ErrorEntry>).sort(([a], [b]) =>
    a.localeCompare(b),
  );
  const lines = [
    "# Errors",
    "",
    "Every error that the project raises on purpose, by code: what happened, what is safe, and what to do next. Words in braces are",
    "filled in. This page is made from `errors/` by `npm run docs:errors`; a test fails where the two differ.",
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
