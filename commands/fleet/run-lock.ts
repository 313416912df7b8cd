import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { QtError } from "../../errors/qt-error";
import { tryLock, unlock } from "../../packages/kit/process-lock";

/**
 * Lets one run of a kind at a time: two would write one record. Where no lock can be written, no run can be resumed either, and it
 * goes on without.
 * @returns the function that gives it free.
 * @throws QtError QT9517 where a live process holds it.
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
