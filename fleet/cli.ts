import { join } from "node:path";
import { createInterface } from "node:readline/promises";
import { Command, CommanderError } from "commander";
import { QtError } from "../errors/qt-error";
import { downloadPulumi } from "../tenants/download-pulumi";
import { findPulumi } from "../tenants/find-pulumi";
import { parseDuration, parseList, parseTag, parseThreshold, parseWhole } from "./arguments";
import { liveBoard, plainBoard } from "./board";
import { cloudRunner } from "./cloud-runner";
import { localRunner } from "./local-runner";
import { exitCodeOf, exitCodes, type Verb } from "./outcome";
import { jsonReport, textReport, writeReports } from "./report";
import { type Runner, StopRequest } from "./run";
import { runFleet, type Threshold } from "./run-fleet";
import { leftToDo, RunRecord } from "./run-record";
import { type FleetTenant, ringsOf, selectTenants, type TagCondition } from "./select-tenants";
import { stopAtSignals } from "./stop-signals";
import { COMMENT_LIMIT } from "./summary";

interface Flags {
  tenant?: string[];
  tag?: TagCondition[];
  parallel: number;
  local: boolean;
  base?: string;
  markdown?: string;
  artifact?: string;
  commentLimit: number;
  json: boolean;
  yes: boolean;
  resume: boolean;
  rings?: string[];
  wait: number;
  maxFailures: Threshold;
}

const program = new Command("npm run fleet --")
  .description("The same command for every tenant, each with a stack of its own, and one summary of all.")
  .option("-C, --cwd <folder>", "folder of the Pulumi project", join(__dirname, ".."))
  .showHelpAfterError()
  .exitOverride();

const noRings = { wait: 0, maxFailures: { most: 0, isPercent: false }, resume: false, yes: true };

function command(verb: Verb, description: string): Command {
  return program
    .command(verb)
    .description(description)
    .option("--tenant <a,b>", "these tenants; without it, all", parseList)
    .option(
      "--tag <tag=value>",
      "tenants with this tag (ring=canary), or without it (ring!=canary); repeat it to narrow",
      parseTag,
    )
    .option("--parallel <n>", "stacks at a time", parseWhole, 4)
    .option("--local", "in the local stand-in, without any cloud credential", false)
    .option("--markdown <file>", "write the summary there, short enough for a comment")
    .option("--comment-limit <characters>", "how long that may be", parseWhole, COMMENT_LIMIT)
    .option("--artifact <file>", "write the whole summary there, as Markdown")
    .option("--json", "print the result as JSON, and nothing else", false)
    .action((flags: Flags) => run(verb, { ...noRings, ...flags }));
}

command("preview", "what pulumi up would change").option(
  "--base <ref>",
  "with --local: the commit whose program counts as deployed (default: HEAD)",
);
command("up", "deploy, ring after ring")
  .option(
    "--rings <a,b>",
    "rings in this order; the others are left (default: canary, others by name, general)",
    parseList,
  )
  .option("--wait <time>", "between two rings: 90s, 30m, 2h", parseDuration, 0)
  .option(
    "--max-failures <n|n%>",
    "go on to the next ring as long as no more tenants failed",
    parseThreshold,
    noRings.maxFailures,
  )
  .option("--resume", "what the last run left: failed, stopped, not started", false)
  .option("--yes", "do not ask", false);
command("drift", "what in Azure differs from what was deployed; ends with 3 where something does");
command("outputs", "the stacks' outputs; secret ones are not shown");
command("destroy", "delete everything of the tenants")
  .option("--resume", "what the last run left", false)
  .option("--yes", "do not ask", false);

async function run(verb: Verb, flags: Flags): Promise<void> {
  const { cwd: root } = program.opts<{ cwd: string }>();
  const selected = selectTenants(root, {
    ...(flags.tag && { tags: flags.tag }),
    ...named(root, verb, flags),
  });
  const rings =
    verb === "up" ? ringsOf(selected, flags.rings) : [{ ring: "all", tenants: namesOf(selected) }];
  const names = rings.flatMap(({ tenants }) => tenants);
  if (names.length === 0) {
    process.stdout.write(flags.json ? jsonReport(verb, []) : "No tenant is selected: nothing to do.\n");
    return;
  }
  if (!flags.yes) await confirm(verb, names);
  const tell = (line: string) => void process.stderr.write(`${line}\n`);
  const runner = await runnerFor(root, flags, tell);
  const stop = new StopRequest();
  const endSignals = stopAtSignals(stop, tell);
  const isLive = process.stdout.isTTY && process.env.CI === undefined && !flags.json;
  const print = flags.json ? tell : (line: string) => void process.stdout.write(`${line}\n`);
  const board = isLive ? liveBoard(names, process.stdout) : plainBoard(print);
  const isResumable = verb === "up" || verb === "destroy";
  const record = isResumable ? new RunRecord(root, verb, flags.local, names) : undefined;
  const outcomes = await runFleet({
    ...{ verb, rings, runner, stop, record },
    parallel: flags.parallel,
    waitMs: flags.wait,
    maxFailures: flags.maxFailures,
    onEvent: (event) => board.show(event),
  }).finally(() => board.end());
  endSignals();
  if (outcomes.some(({ status }) => status !== "not started")) writeReports(outcomes, flags);
  process.stdout.write(flags.json ? jsonReport(verb, outcomes) : `\n${textReport(verb, outcomes, isLive)}`);
  process.exitCode = exitCodeOf(verb, outcomes, stop.how !== undefined);
}

const namesOf = (tenants: readonly FleetTenant[]) => tenants.map(({ name }) => name);

/** The tenants that are named, by the flag or by what the last run left. */
function named(root: string, verb: Verb, { tenant, resume, local }: Flags): { tenants?: readonly string[] } {
  if (!resume) return tenant === undefined ? {} : { tenants: tenant };
  const left = leftToDo(root, verb, local);
  return { tenants: tenant === undefined ? left : left.filter((name) => tenant.includes(name)) };
}

async function runnerFor(
  root: string,
  { local, base }: Flags,
  tell: (line: string) => void,
): Promise<Runner> {
  if (local) return localRunner({ root, base });
  if (base !== undefined) throw new QtError("QT9513");
  const cli = findPulumi() ?? (await downloadPulumi(tell));
  if (cli === undefined) throw new QtError("QT9514");
  return cloudRunner(cli.binary, root);
}

/** @throws QtError QT9511 where nobody can be asked, or the answer is not yes. */
async function confirm(verb: Verb, names: readonly string[]): Promise<void> {
  const what = `${verb} ${names.length === 1 ? names[0] : `${names.length} tenants (${names.join(", ")})`}`;
  if (!process.stdin.isTTY || !process.stderr.isTTY) throw new QtError("QT9511", { what });
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await terminal.question(`Really ${what}? yes/no: `).finally(() => terminal.close());
  if (answer.trim() !== "yes") throw new QtError("QT9511", { what });
}

// A reader that has seen enough (`| head`) is no failure.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit();
});

program.parseAsync().catch((error: unknown) => {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? 0 : exitCodes.notBegun;
    return;
  }
  const text = error instanceof QtError ? error.format() : ((error as Error).stack ?? String(error));
  process.stderr.write(`${text}\n`);
  process.exitCode = exitCodes.notBegun;
});
