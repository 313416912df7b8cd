import { join } from "node:path";
import { lockHolder, tryLock, unlock } from "../../kit/process-lock";
import { EmulatorError } from "../errors/emulator-error";

/**
 * Only one process at a time writes a folder. A second lock in the same process replaces the first.
 * @returns the function that releases the folder.
 * @throws EmulatorError QT6004 if another live process holds it.
 */
export function lockFolder(folder: string): () => void {
  const file = lockOf(folder);
  if (folderHolder(folder) === process.pid) unlock(file);
  const pid = tryLock(file);
  if (pid !== undefined) throw new EmulatorError("QT6004", { folder, pid });
  return () => unlock(file);
}

/** Id of the live process that holds a folder; undefined if none does. */
export function folderHolder(folder: string): number | undefined {
  return lockHolder(lockOf(folder));
}

const lockOf = (folder: string) => join(folder, "lock.json");
