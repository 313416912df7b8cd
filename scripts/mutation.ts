import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, matchesGlob } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";

/** One folder that is mutated. */
interface Target {
  readonly mutate: readonly string[];
  /** Its unit suites, which alone judge its mutants. */
  readonly suites: readonly string[];
  /** Per cent of the mutants that the suites must notice. */
  readonly aim: number;
}

const suites = ["**/*.test.ts", "**/*.itest.ts", "**/*.ltest.ts", "**/testing/**"];

const targets: Readonly<Record<string, Target>> = {
  // The descriptions of settings are held by the tenants' JSON Schema.
  infra: {
    mutate: ["infra/**/*.ts"],
    suites: ["infra/**/*.test.ts", "tenants/tenant-schema.test.ts"],
    aim: 95,
  },
  // Without the glue to the platform and the driver. functions/build.itest.ts loads main.ts;
  // local/saas/fivetran/function-on-postgres.itest.ts runs the function that production.ts puts together.
  functions: {
    mutate: ["functions/src/**/*.ts", "!functions/src/main.ts", "!functions/src/production.ts"],
    suites: ["functions/src/**/*.test.ts"],
    aim: 85,
  },
  // migration-executor.ts speaks to SQL Server: database/conformance/migrations.itest.ts holds it.
  database: {
    mutate: ["database/*.ts", "!database/migration-executor.ts"],
    suites: ["database/**/*.test.ts"],
    aim: 85,
  },
  fleet: {
    mutate: [
      "commands/fleet/**/*.ts",
      // Main and the files that start processes: cli.itest.ts and pulumi-cli.itest.ts, for the emulator local/fleet/*.itest.ts.
      "!commands/fleet/{cli,cloud-runner,local-runner,pulumi-child,pulumi-stack}.ts",
      // The texts are compared by golden summaries.
      "!commands/fleet/summary/markdown.ts",
    ],
    suites: ["commands/fleet/**/*.test.ts"],
    aim: 85,
  },
};

const help = `npm run mutation [-- FOLDER] [--mutate GLOB] [--force]

Changes the code in one place at a time (Stryker) and runs the unit suites that cover the change. Prints the changes that no
test noticed, and the score of each folder. Ends with 1 if a folder is below its aim.

  FOLDER         ${Object.keys(targets).join(", ")}; all if you name none
  --mutate GLOB  only files of the folder that match; their results are not kept
  --force        runs every change, also those that an earlier run has judged and nothing has touched since

Results are kept in node_modules/.cache/mutation, with a page to browse for each folder (FOLDER.html).
`;

const root = join(__dirname, "..");
const cache = join(root, "node_modules", ".cache", "mutation");
const mochaPaths = join(__dirname, "mocha-12-paths.mjs");

/** What is used of Stryker's JSON report (https://github.com/stryker-mutator/mutation-testing-elements). */
interface Report {
  readonly files: Readonly<Record<string, { readonly mutants: readonly Mutant[] }>>;
}

interface Mutant {
  readonly status: string;
  readonly mutatorName: string;
  readonly location: { readonly start: { readonly line: number; readonly column: number } };
  readonly replacement?: string;
}

/** Mutants of one folder, by what became of them. */
interface Score {
  readonly folder: string;
  readonly aim: number;
  readonly noticed: number;
  readonly survived: number;
  readonly excused: number;
  readonly percent: number;
  readonly minutes: number;
}

function mutateFolder(
  folder: string,
  target: Target,
  { only, force }: { readonly only: string | undefined; readonly force: boolean },
): Score {
  const started = Date.now();
  const report = join(cache, `${folder}.report.json`);
  const config = join(cache, `${folder}.config.json`);
  const mutate = [...(only === undefined ? target.mutate : [only]), ...suites.map((glob) => `!${glob}`)];
  rmSync(report, { force: true });
  const settings = {
    mutate,
    testRunner: "mocha",
    plugins: ["@stryker-mutator/mocha-runner"],
    mochaOptions: { config: join(root, ".mocharc.json"), spec: target.suites },
    coverageAnalysis: "perTest",
    concurrency: 2,
    // Beyond the time of the unchanged code: a change that hangs the suites is noticed.
    timeoutMS: 30_000,
    incremental: only === undefined,
    incrementalFile: join(cache, `${folder}.incremental.json`),
    force,
    reporters: ["json", "html", process.stdout.isTTY ? "progress" : "progress-append-only"],
    jsonReporter: { fileName: report },
    htmlReporter: { fileName: join(cache, `${folder}.html`) },
    tempDirName: join(cache, "sandbox"),
    ignorePatterns: [".local", ".fleet", ".clients"],
    logLevel: "warn",
  };
  writeFileSync(config, JSON.stringify(settings));
  const stryker = join(root, "node_modules", "@stryker-mutator", "core", "bin", "stryker.js");
  const { status } = spawnSync(process.execPath, [stryker, "run", config], {
    cwd: root,
    stdio: ["ignore", "inherit", "inherit"],
    env: {
      ...process.env,
      NODE_OPTIONS: `--import ${pathToFileURL(mochaPaths).href}`,
      // A change of what a module does while it loads needs a new process.
      NODE_COMPILE_CACHE: join(cache, "compiled"),
    },
  });
  if (status !== 0) throw new Error(`Stryker ended with ${status}.`);
  const { files } = JSON.parse(readFileSync(report, "utf8")) as Report;
  // Stryker also reports what an earlier run found in files that are no longer mutated.
  const isMutated = (file: string) =>
    mutate.every((glob) => !glob.startsWith("!") || !matchesGlob(file, glob.slice(1)));
  const mutants = Object.entries(files)
    .filter(([file]) => isMutated(file))
    .flatMap(([file, { mutants }]) => mutants.map((mutant) => ({ file, ...mutant })));
  const of = (...states: string[]) => mutants.filter(({ status }) => states.includes(status));
  const survivors = of("Survived", "NoCoverage");
  for (const { file, location, mutatorName, replacement = "", status } of survivors) {
    const code = replacement.replace(/\s+/g, " ").slice(0, 80);
    const { line, column } = location.start;
    process.stdout.write(`${file}:${line}:${column} ${status} ${mutatorName}: ${code}\n`);
  }
  const noticed = of("Killed", "Timeout", "RuntimeError").length;
  return {
    folder,
    aim: target.aim,
    noticed,
    survived: survivors.length,
    excused: of("Ignored").length,
    percent: (100 * noticed) / (noticed + survivors.length),
    minutes: (Date.now() - started) / 60_000,
  };
}

function main(): number {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      mutate: { type: "string" },
      force: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help || !positionals.every((folder) => folder in targets)) {
    process.stdout.write(help);
    return values.help ? 0 : 2;
  }
  mkdirSync(cache, { recursive: true });
  const scores = Object.entries(targets)
    .filter(([folder]) => positionals.length === 0 || positionals.includes(folder))
    .map(([folder, target]) => mutateFolder(folder, target, { only: values.mutate, force: values.force }));
  for (const { folder, aim, noticed, survived, excused, percent, minutes } of scores)
    process.stdout.write(
      `${folder.padEnd(10)} ${percent.toFixed(1)} % of ${noticed + survived} noticed (aim ${aim} %), ${survived} survive, ${excused} excused, ${minutes.toFixed(1)} min\n`,
    );
  return scores.every(({ aim, percent }) => percent >= aim) ? 0 : 1;
}

process.exitCode = main();
