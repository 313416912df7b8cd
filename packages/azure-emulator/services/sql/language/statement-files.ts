import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join, sep } from "node:path";
import { EmulatorError } from "../../../errors/emulator-error";

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

  /** @param folder with `tsql` and `postgres`; undefined if there is none */
  constructor(readonly folder: string | undefined) {}

  /** Reads the folder. Called again for every unknown text, because files may have been edited since. */
  async refresh(): Promise<void> {
    if (this.folder === undefined) return;
    const root = join(this.folder, "tsql");
    const names = await readdir(root, { recursive: true }).catch(() => []);
    const files = names.filter((name) => name.endsWith(".sql"));
    this.#byChecksum = new Map(
      await Promise.all(
        files.map(async (name) => {
          const text = await readFile(join(root, name), "utf8");
          return [checksumOf(text), name.replaceAll(sep, "/")] as const;
        }),
      ),
    );
  }

  find(text: string): StatementFile | undefined {
    const file = this.#byChecksum.get(checksumOf(text));
    if (file === undefined || this.folder === undefined) return undefined;
    const twin = join(this.folder, "postgres", file);
    return { file, twin: () => readTwin(file, twin) };
  }
}

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
