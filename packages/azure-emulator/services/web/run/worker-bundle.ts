import { join } from "node:path";
import { bundle } from "../../../control-plane/bundle";

/** The program of an app's process as one file in the emulator's folder. */
export function buildWorker(folder: string): Promise<string> {
  return bundle(join(__dirname, "worker", "main.ts"), join(folder, "functions-worker.cjs"));
}
