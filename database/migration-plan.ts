import { QtError } from "../errors/qt-error";
import type { MigrationFile } from "./migration-files";

/** A row of the journal `qt.migration`. */
export interface AppliedFile {
  readonly name: string;
  readonly checksum: string;
}

/** The engine behind the connection, as far as a file's text depends on it. */
export type Engine = "sql-server" | "babelfish";

/**
 * The files that have to run, in order, with the text for this engine.
 *
 * @throws QtError QT4040 when a numbered file changed after it ran, QT4041 when the database ran one that this checkout lacks,
 * QT4042 when a new numbered file sorts before one that ran.
 */
export function planMigration(
  files: readonly MigrationFile[],
  journal: readonly AppliedFile[],
  engine: Engine,
): MigrationFile[] {
  const applied = new Map(journal.map((row) => [row.name, row.checksum]));
  refuseRewrittenHistory(files, applied);
  return files
    .filter((file) => applied.get(file.name) !== file.checksum)
    .filter((file) => engine === "sql-server" || !file.rights)
    .map((file) => (engine === "babelfish" ? { ...file, text: forBabelfish(file.text) } : file));
}

/**
 * Babelfish rejects EXECUTE AS OWNER (facts/babelfish.md §6). The clause stands on a line of its own in every procedure that has it,
 * and is the only text that differs between the engines.
 */
export function forBabelfish(text: string): string {
  return text.replace(/^with execute as owner$/m, "with execute as caller");
}

function refuseRewrittenHistory(files: readonly MigrationFile[], applied: ReadonlyMap<string, string>): void {
  const numbered = files.filter((file) => file.kind === "numbered");
  const known = new Set(numbered.map((file) => file.name));
  for (const name of applied.keys()) {
    if (name.startsWith("migrations/") && !known.has(name)) throw new QtError("QT4041", { file: name });
  }
  const last = numbered.findLast((file) => applied.has(file.name));
  for (const file of numbered) {
    const checksum = applied.get(file.name);
    if (checksum !== undefined && checksum !== file.checksum)
      throw new QtError("QT4040", { file: file.name });
    if (checksum === undefined && last !== undefined && file.name < last.name && !file.rights) {
      throw new QtError("QT4042", { file: file.name, last: last.name });
    }
  }
}
