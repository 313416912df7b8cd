import { join } from "node:path";
import type { Verb } from "./outcome";

/** Where a run keeps what outlives it: a folder that git ignores. In the cloud and in the emulator are two. */
export interface RunFiles {
  readonly record: string;
  readonly lock: string;
}

export function runFiles(root: string, verb: Verb, isLocal: boolean): RunFiles {
  const name = join(root, ".fleet", `${verb}${isLocal ? ".local" : ""}`);
  return { record: `${name}.json`, lock: `${name}.lock` };
}
