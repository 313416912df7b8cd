import { execFileSync } from "node:child_process";
import { statSync } from "node:fs";
import { join } from "node:path";
import { buildFunctionBundle } from "../../functions/build";
import type { Figure } from "./benchmark";

/** Loads the bundle with an emulation of the platform's module and prints how long that took. */
const loader = `
const Module = require("node:module");
const load = Module._load;
Module._load = (name, ...rest) => name === "@azure/functions-core"
  ? { version: "4", setProgrammingModel() {}, registerFunction() {}, registerHook() { return { dispose() {} }; }, hostVersion: "4", workerVersion: "3" }
  : load(name, ...rest);
const started = performance.now();
require(process.argv[1]);
console.log(performance.now() - started);
process.exit(0);
`;

/** Size of the function's bundle, and the median load time of ten processes. */
export async function benchBundle({ folder }: { folder: string }): Promise<Figure[]> {
  await buildFunctionBundle({ outdir: folder });
  const file = join(folder, "main.js");
  const times = Array.from({ length: 10 }, () =>
    Number(
      execFileSync(process.execPath, ["-e", loader, file], { encoding: "utf8" }).trim().split("\n").at(-1),
    ),
  ).sort((a, b) => a - b);
  return [
    { name: "function bundle", value: statSync(file).size / 1e6, unit: "MB", aim: "< 0.8 MB" },
    { name: "function bundle, load time", value: times[5] ?? Number.NaN, unit: "ms", aim: "< 100 ms" },
  ];
}
