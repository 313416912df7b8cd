import { join } from "node:path";
import { build } from "esbuild";
import { writeDurably } from "../../../control-plane/durable-file";

/**
 * The program of an app's process as one JavaScript file in the emulator's folder, so that the process starts without a TypeScript
 * loader, which could interfere with the app.
 */
export async function buildWorker(folder: string): Promise<string> {
  const file = join(folder, "functions-worker.cjs");
  const { outputFiles } = await build({
    entryPoints: [join(__dirname, "worker", "main.ts")],
    bundle: true,
    write: false,
    platform: "node",
    format: "cjs",
    target: "node22",
    logLevel: "silent",
  });
  await writeDurably(file, outputFiles[0]?.contents ?? "");
  return file;
}
