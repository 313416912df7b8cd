import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { QtError } from "../errors/qt-error";

/**
 * Lets one run of a kind at a time: two would write one record. The lock of a process that is no more is taken over; where none can
 * be written, none can be resumed either, and the run goes on without.
 * @returns the function that gives it free.
 * @throws QtError QT9517 where a live process holds it.
 */
export function lockRun(file: string, command: string): () => void {
  const own = `${file}.${process.pid}`;
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(own, `${process.pid}\n`);
  } catch {
    return () => {};
  }
  try {
    // A link appears with its content and never replaces another: of two that begin at once, one gets it.
    while (!linked(own, file)) {
      const pid = liveHolder(file);
      if (pid !== undefined) throw new QtError("QT9517", { command, pid, file });
      takeAway(file);
    }
  } catch (error) {
    if (error instanceof QtError) throw error;
    return () => {};
  } finally {
    rmSync(own, { force: true });
  }
  return () => rmSync(file, { force: true });
}

function linked(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

/** Another one may have been faster and hold it by now: then it gets it back. */
function takeAway(file: string): void {
  const taken = `${file}.${process.pid}.old`;
  try {
    renameSync(file, taken);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
    throw error;
  }
  if (liveHolder(taken) !== undefined) linked(taken, file);
  rmSync(taken, { force: true });
}

/** The live process that a lock names, if it is another one. */
function liveHolder(file: string): number | undefined {
  let pid: number;
  try {
    pid = Number(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
  return Number.isInteger(pid) && pid > 0 && pid !== process.pid && isAlive(pid) ? pid : undefined;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // That of another user may not be signalled.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
