import { spawn } from "node:child_process";
import { globSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { ensurePulumi } from "../packages/azure-emulator/engine";
import { CodedError } from "../packages/kit/errors/coded-error";
import { fetchPythonPackages } from "../packages/kit/testing/python-packages";
import { type ClientsName, clientsNames, installClients } from "../test/clients/support/installation";
import type { SuiteReport } from "./mocha-reporter";

/** The totals of all suites in this run. */
interface Totals {
  passes: number;
  failures: number;
  pending: number;
  /** Milliseconds by file. */
  readonly files: Map<string, number>;
}

const root = join(__dirname, "..");
const bin = (name: string) => join(root, "node_modules", ".bin", name);

const help = `npm test [-- unit|integration|full|clients|sqlserver|static]

  (nothing)     formatter and linter, types, layers, unit and integration suites
  static        formatter, linter, types and layers only
  unit          the suites that need no server (*.test.ts)
  integration   the suites that start servers on loopback (*.itest.ts)
  full          the long suites (*.ltest.ts), which CI runs after all of the above
  clients       Microsoft's clients against the emulator; one of them: clients python, java, go, az or js
  sqlserver     the database, copy and flow suites on SQLSERVER_URL

The ten slowest files are listed at the end.
`;

/** How to run a command. */
interface RunOptions {
  readonly env?: NodeJS.ProcessEnv;
  /** Other commands run meanwhile: show the whole output when it ends. */
  readonly isBeside?: boolean;
}

/** Runs a command. @returns true if it succeeded */
async function run(
  title: string,
  command: string,
  args: readonly string[],
  { env = {}, isBeside = false }: RunOptions = {},
): Promise<boolean> {
  const started = Date.now();
  const head = `\n▸ ${title}\n`;
  if (!isBeside) process.stdout.write(head);
  const output = isBeside ? "pipe" : "inherit";
  const child = spawn(command, args, {
    cwd: root,
    stdio: [isBeside ? "ignore" : "inherit", output, output],
    env: { ...process.env, ...env },
  });
  const ended = new Promise<boolean>((resolve) => {
    child.once("error", () => resolve(false));
    child.once("close", (code) => resolve(code === 0));
  });
  const written = [child.stdout, child.stderr].map((stream) => (stream === null ? "" : text(stream)));
  const [ok, ...texts] = await Promise.all([ended, ...written]);
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  process.stdout.write(`${isBeside ? head : ""}${texts.join("")}${ok ? "✓" : "✗"} ${title} (${seconds} s)\n`);
  return ok;
}

/** Files in the order of the patterns; those of one pattern in alphabetical order. */
function filesOf(...patterns: readonly string[]): string[] {
  const exclude = (name: string) => ["node_modules", ".local", ".clients"].includes(name);
  return [...new Set(patterns.flatMap((pattern) => globSync(pattern, { cwd: root, exclude }).sort()))];
}

/** How to run suites. */
interface SuiteOptions {
  /** Files to run at once, each in its own process with its own servers, ports and folders; by default one process that shares them. */
  readonly jobs?: number;
  readonly isBeside?: boolean;
}

/** Runs suites and adds to the totals. @returns true if all passed */
async function mocha(
  title: string,
  files: readonly string[],
  totals: Totals,
  { jobs = 1, isBeside = false }: SuiteOptions = {},
): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), "qt-test-"));
  const report = join(folder, "report.json");
  const reporter = join(__dirname, "mocha-reporter.ts");
  const parallel = jobs > 1 ? ["--parallel", "--jobs", String(jobs)] : [];
  const ok = await run(title, bin("mocha"), ["--reporter", reporter, ...parallel, ...files], {
    isBeside,
    env: {
      QT_TEST_REPORT: report,
      // Starting PowerShell for each job would be slow: the twin runs jobs, except in the suites about the script itself.
      QT_POWER_SHELL: "",
      // Suites start the program hundreds of times.
      NODE_COMPILE_CACHE: join(root, "node_modules", ".cache", "node"),
    },
  });
  try {
    const part = JSON.parse(readFileSync(report, "utf8")) as SuiteReport;
    totals.passes += part.passes;
    totals.failures += part.failures;
    totals.pending += part.pending;
    for (const [path, milliseconds] of Object.entries(part.files)) totals.files.set(path, milliseconds);
  } catch {
    // Mocha died before it could count: count one failure; its own output says why.
    totals.failures += 1;
  }
  rmSync(folder, { recursive: true, force: true });
  return ok;
}

/** Suites that share one process: the database suites share a server, the flow suites an emulator that is deployed once. */
const sharing = filesOf(
  "database/**/*.itest.ts",
  // First, because it needs an emulator into which nothing has been loaded.
  "test/flow.itest.ts",
  "test/{deployed,source-faults,webhook}.itest.ts",
);

/** The ten slowest files, with their seconds. */
function slowestText({ files }: Totals): string {
  const slowest = [...files].sort(([, a], [, b]) => b - a).slice(0, 10);
  const lines = slowest.map(([path, time]) => `${(time / 1000).toFixed(1).padStart(8)} s  ${path}\n`);
  return `\nThe slowest files:\n${lines.join("")}`;
}

/** The suites of the real engine need the Pulumi CLI. If it is available or can be built, this waits for it. */
async function ensureCli(): Promise<void> {
  const started = Date.now();
  const said = new Set<string>();
  const found = await ensurePulumi({
    build: true,
    onProgress(line) {
      if (!said.has(line)) process.stdout.write(`  ${line}\n`);
      said.add(line);
    },
  });
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  // Suites that start the CLI themselves look for it on PATH.
  if (found !== undefined) process.env.PATH = `${dirname(found.binary)}${delimiter}${process.env.PATH ?? ""}`;
  process.stdout.write(
    found === undefined
      ? "There is no Pulumi CLI, and no Go to build it with: the suites of the real engine are skipped.\n"
      : `Pulumi CLI: ${found.binary} (${seconds} s)\n`,
  );
}

/** Microsoft's clients, all of them or those of one folder of test/clients. @returns undefined if there is no such folder */
async function clients(name: string | undefined, totals: Totals): Promise<boolean | undefined> {
  const fetched = clientsNames.filter((client) => name === undefined || client === name);
  if (name !== undefined && name !== "js" && !clientsNames.includes(name as ClientsName)) return undefined;
  await installClients(fetched);
  const suites = fetched.map((client) => `test/clients/${client}.ltest.ts`);
  const ours = name === undefined || name === "js" ? ["test/clients/js/*.itest.ts"] : [];
  return mocha("Microsoft's clients", filesOf(...suites, ...ours), totals);
}

async function main(what: string | undefined, name: string | undefined): Promise<number> {
  if (what === "--help" || what === "-h") {
    process.stdout.write(help);
    return 0;
  }
  const totals: Totals = { passes: 0, failures: 0, pending: 0, files: new Map() };
  const results: boolean[] = [];
  const isAll = what === undefined;
  const units = () => mocha("Unit suites", filesOf("**/*.test.ts"), totals);
  if (isAll || what === "static") {
    results.push(await run("Formatter and linter", bin("biome"), ["ci", "--error-on-warnings", "."]));
    const types = run("Types", bin("tsc"), ["--noEmit", "-p", "."], { isBeside: true });
    if (isAll) results.push(await units());
    results.push(await run("Layers", bin("depcruise"), ["--output-type", "err", "."]), await types);
  }
  if (what === "unit") results.push(await units());
  if (isAll || what === "integration" || what === "full")
    await Promise.all([ensureCli(), fetchPythonPackages()]);
  if (isAll || what === "integration") {
    // Files that deploy the whole program come first, so that no long one runs alone at the end.
    const others = filesOf("test/**/*.itest.ts", "**/*.itest.ts").filter((file) => !sharing.includes(file));
    results.push(
      ...(await Promise.all([
        mocha("Database and flow suites", sharing, totals, { isBeside: true }),
        mocha("Integration suites", others, totals, { jobs: 2 }),
      ])),
    );
  }
  if (what === "clients") {
    const result = await clients(name, totals);
    if (result !== undefined) results.push(result);
  }
  if (what === "full") await installClients();
  if (what === "full")
    results.push(await mocha("Long suites", filesOf("**/*.ltest.ts"), totals, { jobs: 2 }));
  if (what === "sqlserver") {
    if (process.env.SQLSERVER_URL === undefined) {
      process.stderr.write("Set SQLSERVER_URL to mssql://user:password@host:port/database and run again.\n");
      return 2;
    }
    const databases = filesOf("database/**/*.{itest,ltest}.ts");
    results.push(await mocha("Database suites on SQL Server", databases, totals));
    const flow = filesOf(
      "packages/azure-emulator/services/sql/bulk-copy.itest.ts",
      "test/flow.itest.ts",
      "test/{deployed,source-faults,webhook}.itest.ts",
    );
    results.push(await mocha("Copy and flow suites on SQL Server", flow, totals));
  }
  if (results.length === 0) {
    process.stderr.write(`Unknown suite "${[what, name].filter(Boolean).join(" ")}".\n${help}`);
    return 2;
  }
  if (totals.passes + totals.failures > 0)
    process.stdout.write(
      `${slowestText(totals)}\n${totals.passes} passed, ${totals.failures} failed, ${totals.pending} skipped\n`,
    );
  return results.every(Boolean) && totals.failures === 0 ? 0 : 1;
}

main(process.argv[2], process.argv[3]).then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(error instanceof CodedError ? `${error.format()}\n` : `${(error as Error).stack}\n`);
    process.exit(1);
  },
);
