import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

/** A file of `tsql/`: one batch, run as it is. */
export interface MigrationFile {
  /** Path in the dialect's folder with `/`, for example `migrations/0001-schemas.sql`; the journal's key. */
  readonly name: string;
  /** Numbered files run once and never change; repeatable ones run again whenever their text changes. */
  readonly kind: "numbered" | "repeatable";
  /** True for users and grants (`*.rights.sql`), which Babelfish cannot run. */
  readonly rights: boolean;
  /** The text with LF line ends. */
  readonly text: string;
  /** SHA-256 of `text` in lower-case hex. */
  readonly checksum: string;
}

/** The migrator's own statements, by file name in `tsql/migrator/`. */
export type MigratorStatement = "engine" | "lock" | "journal" | "applied";

/** The folder of the T-SQL files, next to this file. */
export const tsqlFolder = path.join(__dirname, "tsql");

/** Numbered files run once, in the order of their numbers, and never change. */
export function isNumbered(name: string): boolean {
  return name.startsWith("migrations/");
}

/** Users and grants. */
export function isRights(name: string): boolean {
  return name.endsWith(".rights.sql");
}

/** The text as it is sent and hashed: LF line ends, no byte order mark. */
export function normaliseText(text: string): string {
  return text.replace(/^\uFEFF/, "").replace(/\r\n/g, "\n");
}

/** SHA-256, lower-case hex, of a file's normalised text. */
export function checksumOf(text: string): string {
  return createHash("sha256").update(normaliseText(text)).digest("hex");
}

/** Numbered files in the order of their numbers, then repeatable ones by name, grants last. */
export function readMigrationFiles(folder: string = tsqlFolder): MigrationFile[] {
  return [...readKind(folder, "migrations", "numbered"), ...readKind(folder, "repeatable", "repeatable")];
}

export function readMigratorStatement(statement: MigratorStatement, folder: string = tsqlFolder): string {
  return normaliseText(readFileSync(path.join(folder, "migrator", `${statement}.sql`), "utf8"));
}

function readKind(folder: string, subfolder: string, kind: MigrationFile["kind"]): MigrationFile[] {
  const names = readdirSync(path.join(folder, subfolder)).filter((file) => file.endsWith(".sql"));
  // Stryker disable next-line MethodExpression: most file systems list the names in order, but none has to
  return names
    .sort()
    .map((file) => {
      const text = normaliseText(readFileSync(path.join(folder, subfolder, file), "utf8"));
      const rights = isRights(file);
      return { name: `${subfolder}/${file}`, kind, rights, text, checksum: checksumOf(text) };
    })
    .sort((a, b) => Number(late(a)) - Number(late(b)));
}

function late(file: MigrationFile): boolean {
  return file.kind === "repeatable" && file.rights;
}
