import { QtError } from "../errors/qt-error";
import { isNumbered, isRights, type MigrationFile } from "./migration-files";

/** A row of the journal `qt.migration`. */
export interface AppliedFile {
  readonly name: string;
  readonly checksum: string;
}

/** The engine behind the connection, which a file's text may depend on. */
export type Engine = "sql-server" | "babelfish";

/**
 * The files that have to run, in order, with the text for this engine.
 *
 * @throws QtError QT4040 if a numbered file changed after it ran, QT4041 if the database ran one that this checkout lacks,
 * QT4042 if a new numbered file sorts before one that ran.
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
 * Babelfish rejects EXECUTE AS OWNER (docs/babelfish.md). Every procedure with that clause has it on a separate line. No other text
 * differs between the engines.
 */
export function forBabelfish(text: string): string {
  return text.replace(/^with execute as owner$/m, "with execute as caller");
}

/**
 * Refuses numbered files that do not continue the database's history. A rights file may come late, because not every engine ran it.
 * @param applied The journal: file names and checksums.
 * @throws QtError QT4040 to QT4042, as {@link planMigration}
 */
export function refuseRewrittenHistory(
  files: readonly Pick<MigrationFile, "name" | "checksum">[],
  applied: ReadonlyMap<string, string>,
): void {
  const numbered = files.filter(({ name }) => isNumbered(name));
  const known = new Set(numbered.map(({ name }) => name));
  for (const name of applied.keys()) {
    if (isNumbered(name) && !known.has(name)) throw new QtError("QT4041", { file: name });
  }
  const last = [...applied.keys()].filter(isNumbered).sort().at(-1);
  for (const { name, checksum } of numbered) {
    const ran = applied.get(name);
    if (ran !== undefined && ran !== checksum) throw new QtError("QT4040", { file: name });
    if (ran === undefined && last !== undefined && name < last && !isRights(name)) {
      throw new QtError("QT4042", { file: name, last });
    }
  }
}
