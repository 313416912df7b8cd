import { build } from "esbuild";
import { writeDurably } from "./durable-file";

/**
 * Writes a program as one JavaScript file, so that its process starts without a TypeScript loader, which could interfere with what it runs.
 * @returns the file
 */
export async function bundle(entry: string, file: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [entry],
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
