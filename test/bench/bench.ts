import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { reportFailure } from "../../errors/failure";
import type { Benchmark, BenchOptions, Figure } from "./benchmark";
import { benchBundle } from "./bundle-bench";
import { benchPulumi, benchReady } from "./deploy-bench";
import { benchFeed, benchFeedMemory } from "./feed-bench";
import { benchFleet, benchSharedFleet } from "./fleet-bench";
import { benchLoad } from "./load-bench";
import { benchSuccessiveLoads } from "./successive-loads-bench";
import { benchTypeChange } from "./type-change-bench";

/** Benchmarks by name; each returns its figures. They run one after the other on an otherwise idle machine. */
const benchmarks: Record<string, Benchmark> = {
  bundle: benchBundle,
  ready: benchReady,
  pulumi: benchPulumi,
  load: benchLoad,
  feed: benchFeed,
  fleet: benchFleet,
};

/** Benchmarks that take minutes: they run only if `--only` names them. */
const onDemand: typeof benchmarks = {
  "fleet-shared": benchSharedFleet,
  "successive-loads": benchSuccessiveLoads,
  "feed-memory": benchFeedMemory,
  "type-change": benchTypeChange,
};

const list = (text: string) => text.split(",").filter((item) => item !== "");
const typesOf = (text: string): Record<string, string> => JSON.parse(text);

interface Choice {
  readonly json: boolean;
  readonly only?: readonly string[];
}

const program = new Command("npm run bench --")
  .description(
    "Measures what the project promises. Absolute times depend on the machine; ratios within one run compare.",
  )
  .option("--json", "print the figures as JSON, and nothing else", false)
  .option("--rows <n>", "rows of the large dataset", (text) => Number(text), 1_000_000)
  .option("--only <names>", `some of: ${Object.keys({ ...benchmarks, ...onDemand }).join(",")}`, list)
  .option("--files <paths>", "load: CSV snapshots of one dataset to land one after the other", list)
  .option("--key <headers>", "load: key columns of --files", list, ["id"])
  .option("--types <json>", "load: declared types of --files, by header", typesOf, {})
  .option("--loads <n>", "successive-loads: how many", (text) => Number(text), 200)
  .action(async ({ json, only, ...options }: Omit<BenchOptions, "folder"> & Choice) => {
    const figures: Figure[] = [];
    const chosen = only === undefined ? benchmarks : { ...benchmarks, ...onDemand };
    for (const [name, run] of Object.entries(chosen)) {
      if (only !== undefined && !only.includes(name)) continue;
      const folder = mkdtempSync(join(tmpdir(), `qt-bench-${name}-`));
      try {
        for (const figure of await run({ ...options, folder })) {
          figures.push(figure);
          if (!json) process.stdout.write(`${line(figure)}\n`);
        }
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    }
    if (json) process.stdout.write(`${JSON.stringify({ node: process.version, figures }, null, 2)}\n`);
  });

function line({ name, value, unit, aim }: Figure): string {
  const text = value >= 1000 ? Math.round(value).toLocaleString("en-GB") : value.toFixed(value < 10 ? 2 : 1);
  return `${name.padEnd(58)} ${text.padStart(14)} ${unit.padEnd(10)} ${aim === undefined ? "" : `aim ${aim}`}`.trimEnd();
}

program.exitOverride();
program.parseAsync().catch((error: unknown) => reportFailure(error));
