import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join, sep } from "node:path";
import { EmulatorError } from "../../../errors/emulator-error";
import { type ProcedureName, parseProcedureName } from "./procedure-name";

/** A T-SQL file of the host and its PostgreSQL twin. */
export interface StatementFile {
  /** Path below `tsql`, with slashes. */
  readonly file: string;
  /** @throws EmulatorError QT6105 if the twin is missing */
  twin(): Promise<string>;
}

/**
 * The host's T-SQL files by their content. T-SQL that equals a file word for word runs the file of the same
 * name in `postgres`.
 */
export class StatementFiles {
  #byChecksum: ReadonlyMap<string, string> = new Map();
  /** Procedures that set XACT_ABORT ON, by `procedureKey`. */
  #aborting: ReadonlySet<string> = new Set();

  /** @param folder with `tsql` and `postgres`; undefined if there is none */
  constructor(readonly folder: string | undefined) {}

  /** Reads the folder. Called again for every unknown text, because files may have been edited since. */
  async refresh(): Promise<void> {
    if (this.folder === undefined) return;
    const root = join(this.folder, "tsql");
    const names = await readdir(root, { recursive: true }).catch(() => []);
    const files = names.filter((name) => name.endsWith(".sql"));
    const texts = await Promise.all(files.map((name) => readFile(join(root, name), "utf8")));
    this.#byChecksum = new Map(
      texts.map((text, index) => [checksumOf(text), (files[index] ?? "").replaceAll(sep, "/")]),
    );
    this.#aborting = new Set(texts.flatMap(abortingProcedures));
  }

  /** Whether a procedure of these files sets XACT_ABORT ON, as its twin cannot. */
  abortsTransaction({ schema, name }: ProcedureName): boolean {
    return this.#aborting.has(procedureKey(schema, name));
  }

  find(text: string): StatementFile | undefined {
    const file = this.#byChecksum.get(checksumOf(text));
    if (file === undefined || this.folder === undefined) return undefined;
    const twin = join(this.folder, "postgres", file);
    return { file, twin: () => readTwin(file, twin) };
  }
}

const procedureHeader =
  /\bcreate\s+(?:or\s+alter\s+)?proc(?:edure)?\s+((?:[\w#@$]+|\[[^\]]+\]|"[^"]+"|\.)+)/i;
const abortOn = /\bset\s+(?:\w+\s*,\s*)*xact_abort\s*(?:,\s*\w+\s*)*\bon\b/i;

/** The procedure that a text makes, if it sets XACT_ABORT ON. */
function abortingProcedures(text: string): string[] {
  const code = text.replace(/--[^\n]*|\/\*[\s\S]*?\*\//g, " ");
  const written = procedureHeader.exec(code)?.[1];
  const name = written === undefined || !abortOn.test(code) ? undefined : parseProcedureName(written, "");
  return name === undefined ? [] : [procedureKey(name.schema, name.name)];
}

const procedureKey = (schema: string, name: string): string => JSON.stringify([schema, name]).toLowerCase();

async function readTwin(file: string, path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    throw new EmulatorError("QT6105", { file }, { cause });
  }
}

/** SHA-256 of the text; line breaks, a byte order mark and trailing white space do not matter. */
function checksumOf(text: string): string {
  const normalised = text
    .replace(/^\uFEFF/, "")
    .replaceAll("\r\n", "\n")
    .trimEnd();
  return createHash("sha256").update(normalised).digest("hex");
}
