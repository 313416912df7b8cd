import type { ChildProcess } from "node:child_process";

/** Calls back when a child process has ended, and its output and its last message have arrived. */
export function onceEnded(child: ChildProcess, callback: (code: number | null) => void): void {
  child.once("close", (code) => {
    if (child.connected) child.once("disconnect", () => callback(code));
    else callback(code);
  });
}
