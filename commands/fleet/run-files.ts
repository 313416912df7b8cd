import { join } from "node:path";
import type { Verb } from "./outcome";

/** Files that outlive a run, in a folder that git ignores. Runs in the cloud and in the emulator have separate files. */
export interface RunFiles {
  readonly record: string;
  readonly lock: string;
}

export function runFiles(root: string, verb: Verb, isLocal: boolean): RunFiles {
  const name = join(root, ".fleet", `${verb}${isLocal ? ".local" : ""}`);
  return { record: `${name}.json`, lock: `${name}.lock` };
}
