import path from "node:path";
import type { MigrationFile } from "../migration-files";
import { type StatementSize, statementSize } from "../sizes/statement-size";
import { formatStatement } from "./format-statement";
import type { RecordedCall } from "./recorder";
import type { Scenario } from "./scenarios";

/** The folder of the recorded statements and of the checksums of the files that generated them. */
export const goldenFolder = path.join(__dirname, "..", "generated");
export const checksumsFile = path.join(goldenFolder, "checksums.json");
export const sizesFile = path.join(goldenFolder, "sizes.json");

/** The largest sizes among the statements of each call, by the call's title. */
export type CallSizes = Record<string, StatementSize>;

/** By type, for each measured width. */
export type Sizes = Record<string, CallSizes[]>;

/** The recorded statements of a scenario as a file: batches separated by GO. */
export function goldenFile({ name, about }: Scenario, calls: readonly RecordedCall[]): string {
  const batches = calls.flatMap(({ title, statements }) => [
    `-- ${title}`,
    ...statements.flatMap(({ generated_by, statement, parameters }) => [
      `-- qt.${generated_by}${parameters === null ? "" : ` with ${parameters}`}`,
      formatStatement(statement),
      "GO",
    ]),
    "",
  ]);
  const head = [`-- ${about}`, `-- Recorded by \`npm run golden:tsql\` (${name}): do not edit.`, ""];
  return `${[...head, ...batches].join("\n").trimEnd()}\n`;
}

/** SHA-256 of each file of tsql/ that a migration runs, by name. The recorded statements come from these files. */
export function checksumsOf(files: readonly MigrationFile[]): Record<string, string> {
  return Object.fromEntries(files.map(({ name, checksum }) => [name, checksum]));
}

export function sizesOf(calls: readonly RecordedCall[]): CallSizes {
  return Object.fromEntries(
    calls
      .filter(({ statements }) => statements.length > 0)
      .map(({ title, statements }) => {
        const all = statements.map(({ statement }) => statementSize(statement));
        const most = (key: keyof StatementSize) => Math.max(...all.map((size) => size[key]));
        return [title, { characters: most("characters"), names: most("names"), elements: most("elements") }];
      }),
  );
}
