import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { QtError } from "../../errors/qt-error";
import { tryLock, unlock } from "../../packages/kit/process-lock";

/**
 * Allows one run of a kind at a time, because two would write the same record. If the lock cannot be written, the record cannot
 * either, and the run continues without a lock.
 * @returns A function that releases the lock.
 * @throws QtError QT9517 if a live process holds it.
 */
export function lockRun(file: string, command: string): () => void {
  let pid: number | undefined;
  try {
    mkdirSync(dirname(file), { recursive: true });
    pid = tryLock(file);
  } catch {
    return () => {};
  }
  if (pid !== undefined) throw new QtError("QT9517", { command, pid, file });
  return () => unlock(file);
}
