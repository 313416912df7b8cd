import { spawn, spawnSync } from "node:child_process";
import { globSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { ensurePulumi } from "../packages/azure-emulator/engine";
import { CodedError } from "../packages/kit/errors/coded-error";
import { fetchPythonPackages } from "../packages/kit/testing/python-packages";

interface Counts {
  passes: number;
  failures: number;
  pending: number;
}

const root = join(__dirname, "..");
const bin = (name: string) => join(root, "node_modules", ".bin", name);

const help = `npm test [-- unit|integration|sqlserver|static]

  (nothing)     formatter and linter, types, unit and integration suites
  static        formatter, linter and types only
  unit          the suites that need no server (*.test.ts)
  integration   the suites that start servers on loopback (*.itest.ts)
  sqlserver     the database, copy and flow suites on SQLSERVER_URL
`;

function run(title: string, command: string, args: string[], env: NodeJS.ProcessEnv = {}): boolean {
  const started = Date.now();
  process.stdout.write(`\n▸ ${title}\n`);
  const result = spawnSync(command, args, { cwd: root, stdio: "inherit", env: { ...process.env, ...env } });
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  process.stdout.write(`${result.status === 0 ? "✓" : "✗"} ${title} (${seconds} s)\n`);
  return result.status === 0;
}

/** Begins what leaves a core idle, beside what follows; its output is shown where its end is waited for. */
function begin(title: string, command: string, args: string[]): () => Promise<boolean> {
  const started = Date.now();
  const child = spawn(command, args, { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
  const ended = new Promise<boolean>((resolve) => {
    child.once("error", () => resolve(false));
    child.once("close", (code) => resolve(code === 0));
  });
  const whole = Promise.all([text(child.stdout), text(child.stderr), ended]);
  return async () => {
    const [stdout, stderr, ok] = await whole;
    const seconds = ((Date.now() - started) / 1000).toFixed(1);
    process.stdout.write(`\n▸ ${title}\n${stdout}${stderr}${ok ? "✓" : "✗"} ${title} (${seconds} s)\n`);
    return ok;
  };
}

/** Runs suites and adds to the counts. `jobs` files at once: each starts servers of its own, on ports and folders of its own. */
function mocha(title: string, pattern: string, counts: Counts, jobs: number): boolean {
  const files = globSync(pattern, {
    cwd: root,
    exclude: (name) => name === "node_modules" || name === ".local",
  }).sort();
  const folder = mkdtempSync(join(tmpdir(), "qt-test-"));
  const file = join(folder, "counts.json");
  const reporter = join(__dirname, "mocha-reporter.ts");
  const parallel = jobs > 1 ? ["--parallel", "--jobs", String(jobs)] : [];
  const ok = run(title, bin("mocha"), ["--reporter", reporter, ...parallel, ...files], {
    QT_TEST_COUNTS: file,
    // A PowerShell a job would be slow: the twin runs them, but for the suites that are about the script.
    QT_POWER_SHELL: "",
  });
  try {
    const part = JSON.parse(readFileSync(file, "utf8")) as Counts;
    counts.passes += part.passes;
    counts.failures += part.failures;
    counts.pending += part.pending;
  } catch {
    // Mocha died before it could count: that is one failure, and its own output says why.
    counts.failures += 1;
  }
  rmSync(folder, { recursive: true, force: true });
  return ok;
}

/** The suites of the real engine need the Pulumi CLI; where it can be had, this waits for it, once. */
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
  // Suites that start the CLI themselves look for it there.
  if (found !== undefined) process.env.PATH = `${dirname(found.binary)}${delimiter}${process.env.PATH ?? ""}`;
  process.stdout.write(
    found === undefined
      ? "There is no Pulumi CLI, and no Go to build it with: the suites of the real engine are skipped.\n"
      : `Pulumi CLI: ${found.binary} (${seconds} s)\n`,
  );
}

async function main(what: string | undefined): Promise<number> {
  if (what === "--help" || what === "-h") {
    process.stdout.write(help);
    return 0;
  }
  const counts: Counts = { passes: 0, failures: 0, pending: 0 };
  const results: boolean[] = [];
  if (what === undefined || what === "static") {
    results.push(run("Formatter and linter", bin("biome"), ["ci", "--error-on-warnings", "."]));
    const types = begin("Types", bin("tsc"), ["--noEmit", "-p", "."]);
    if (what === undefined) results.push(mocha("Unit suites", "**/*.test.ts", counts, 1));
    const layers = run("Layers", bin("depcruise"), ["--output-type", "err", "."]);
    results.push(await types(), layers);
  }
  if (what === "unit") results.push(mocha("Unit suites", "**/*.test.ts", counts, 1));
  if (what === undefined || what === "integration") {
    await Promise.all([ensureCli(), fetchPythonPackages()]);
    // These share one server, whichever engine it is.
    results.push(mocha("Database suites", "database/**/*.itest.ts", counts, 1));
    results.push(
      mocha(
        "Integration suites",
        "{commands,functions,infra,local,packages,tenants,test}/**/*.itest.ts",
        counts,
        2,
      ),
    );
  }
  if (what === "sqlserver") {
    if (process.env.SQLSERVER_URL === undefined) {
      process.stderr.write("Set SQLSERVER_URL to mssql://user:password@host:port/database and run again.\n");
      return 2;
    }
    results.push(mocha("Database suites on SQL Server", "database/**/*.itest.ts", counts, 1));
    const flow =
      "{packages/azure-emulator/services/sql/bulk-copy,test/{flow,source-faults,webhook,deployed}}.itest.ts";
    results.push(mocha("Copy and flow suites on SQL Server", flow, counts, 1));
  }
  if (results.length === 0) {
    process.stderr.write(`Unknown suite "${what}".\n${help}`);
    return 2;
  }
  const tests = counts.passes + counts.failures > 0;
  if (tests)
    process.stdout.write(`\n${counts.passes} passed, ${counts.failures} failed, ${counts.pending} skipped\n`);
  return results.every(Boolean) && counts.failures === 0 ? 0 : 1;
}

main(process.argv[2]).then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(error instanceof CodedError ? `${error.format()}\n` : `${(error as Error).stack}\n`);
    process.exit(1);
  },
);
