import { readdir, rm } from "node:fs/promises";
import { QtError } from "../../errors/qt-error";
import { serverFile } from "../../packages/azure-emulator/services/sql/sql-server/server-record";

/** Written at the first start; marks a folder as the emulator's. */
const marker = "directory.json";
/** What a start may leave if it is killed before it writes the marker. */
const early = new Set(["local.log", "lock.json", "ports.json", "certificates", "environments", serverFile]);

/**
 * Refuses a folder that holds other files: the emulator writes its state into it, and `down` removes it.
 * @throws QtError QT9015
 */
export async function requireOwnFolder(folder: string): Promise<void> {
  let entries: string[];
  try {
    entries = await readdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
    throw new QtError("QT9015", { folder, reason: (error as Error).message });
  }
  if (entries.includes(marker)) return;
  const foreign = entries.find((name) => !early.has(name) && !name.startsWith("lock.json"));
  if (foreign !== undefined)
    throw new QtError("QT9015", { folder, reason: `it holds ${foreign}, which is not the emulator's` });
}

/** Removes the folder and everything in it if it is the emulator's. @throws QtError QT9015 otherwise. */
export async function removeOwnFolder(folder: string): Promise<void> {
  await requireOwnFolder(folder);
  await rm(folder, { recursive: true, force: true });
}
