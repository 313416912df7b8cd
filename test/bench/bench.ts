import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { reportFailure } from "../../local/commands/failure";
import { benchBundle } from "./bundle-bench";
import { benchDataPlane } from "./data-plane-bench";
import { benchPulumi, benchReady } from "./deploy-bench";

/** One measured figure. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** What was aimed for, where something was. */
  readonly aim?: string;
}

/** Benchmarks by name; each gives its figures. They run one after the other on an otherwise quiet machine. */
const benchmarks: Record<string, (options: { rows: number; folder: string }) => Promise<Figure[]>> = {
  bundle: benchBundle,
  ready: benchReady,
  pulumi: benchPulumi,
  data: benchDataPlane,
};

const program = new Command("npm run bench --")
  .description(
    "Measures what the project promises. Absolute times depend on the machine; ratios within one run compare.",
  )
  .option("--json", "print the figures as JSON, and nothing else", false)
  .option("--rows <n>", "rows of the large dataset", (text) => Number(text), 1_000_000)
  .option("--only <names>", `some of: ${Object.keys(benchmarks).join(",")}`, (text) => text.split(","))
  .action(async ({ json, rows, only }: { json: boolean; rows: number; only?: string[] }) => {
    const figures: Figure[] = [];
    for (const [name, run] of Object.entries(benchmarks)) {
      if (only !== undefined && !only.includes(name)) continue;
      const folder = mkdtempSync(join(tmpdir(), `qt-bench-${name}-`));
      try {
        for (const figure of await run({ rows, folder })) {
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
