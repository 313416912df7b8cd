import { join } from "node:path";
import { Command, Option } from "commander";
import { reportFailure } from "../../errors/failure";
import { QtError } from "../../errors/qt-error";
import { deployingPulumi } from "../../packages/kit/download-pulumi";
import { hasLanguageHost, type PulumiInstallation } from "../../packages/kit/find-pulumi";
import { refuseSecondBackend } from "../../tenants/backend";
import { emulatorOnlyAmong, emulatorOnlyLine } from "../../tenants/emulator-only";
import { strayNames, tenantFile, tenantNames } from "../../tenants/tenant-files";
import { parseDuration, parseList, parseTag, parseThreshold, parseWhole } from "./arguments";
import { isLiveTerminal, liveBoard, plainBoard } from "./board";
import { checkoutCommit, goneTenants } from "./checkout";
import { cloudRunner } from "./cloud-runner";
import { ask, questionOf } from "./confirm";
import { localRunner } from "./local-runner";
import { exitCodeOf, exitCodes, fleetCommand, type Verb } from "./outcome";
import { checkReportFiles, jsonReport, textReport, writeReports } from "./report";
import { type Runner, StopRequest } from "./run";
import { type RunFiles, runFiles } from "./run-files";
import { type Ring, runFleet, type Threshold } from "./run-fleet";
import { lockRun } from "./run-lock";
import { lastRun, leftToDo, otherCommits, RunRecord } from "./run-record";
import {
  type FleetTenant,
  ringsOf,
  type Selection,
  selectTenants,
  type TagCondition,
} from "./select-tenants";
import { stacksWithoutFile } from "./stack-life";
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
  refresh: boolean;
  rings?: string[];
  wait: number;
  maxFailures: Threshold;
}

const program = new Command("npm run fleet --")
  .description("Runs one command for every tenant, each in its own stack, and prints one summary.")
  .option("-C, --cwd <folder>", "folder of the Pulumi project", join(__dirname, "..", ".."))
  .showHelpAfterError("Run the same command with --help to see its options.")
  .exitOverride();

const defaults = {
  ...{ wait: 0, maxFailures: { most: 0, isPercent: false } },
  ...{ resume: false, refresh: false, yes: true },
};

function command(verb: Verb, description: string): Command {
  return program
    .command(verb)
    .description(description)
    .option("--tenant <a,b>", "only these tenants (default: all)", parseList)
    .option(
      "--tag <tag=value>",
      "only tenants with this tag (ring=canary) or without it (ring!=canary); repeat it for more conditions",
      parseTag,
    )
    .option("--parallel <n>", "stacks at a time", parseWhole, 4)
    .option("--local", "in the local emulator, without any cloud credential", false)
    .option("--markdown <file>", "write the summary to this file, short enough for a comment")
    .option("--comment-limit <characters>", "the longest such summary", parseWhole, COMMENT_LIMIT)
    .option("--artifact <file>", "write the complete summary to this file, as Markdown")
    .option("--json", "print the result as JSON, and nothing else", false)
    .action((flags: Flags) => run(verb, { ...defaults, ...flags }));
}

command("preview", "show what pulumi up would change").option(
  "--base <ref>",
  "with --local: the commit whose program counts as deployed (default: HEAD)",
);
command("up", "deploy, ring by ring")
  .option(
    "--rings <a,b>",
    "only these rings, in this order (default: canary, others by name, general)",
    parseList,
  )
  .option("--wait <time>", "time to wait between two rings: 90s, 30m, 2h", parseDuration, 0)
  .addOption(
    new Option("--max-failures <n|n%>", "start the next ring only if at most this many tenants failed")
      .argParser(parseThreshold)
      .default(defaults.maxFailures, "0"),
  )
  .option("--refresh", "first read manual changes from Azure, so that the deployment reverts them", false)
  .option("--resume", "only what the last run left: failed, stopped or not started", false)
  .option("--yes", "do not ask", false);
command("drift", "show what in Azure differs from what was deployed; exit code 3 if anything does");
command("outputs", "show the stacks' outputs, without secrets");
command("destroy", "delete everything of the tenants")
  .option("--resume", "only what the last run left", false)
  .option("--yes", "do not ask", false);

command(
  "cancel",
  "release the lock that a killed run on another machine left; only if nothing works on the stack",
);

async function run(verb: Verb, flags: Flags): Promise<void> {
  const { cwd: root } = program.opts<{ cwd: string }>();
  checkReportFiles(flags);
  if (verb !== "up" && verb !== "destroy") return runUnlocked(verb, flags, root);
  const files = runFiles(root, verb, flags.local);
  const unlock = lockRun(files.lock, fleetCommand(verb, flags.local));
  await runUnlocked(verb, flags, root, files).finally(unlock);
}

/** @param files The files of a run that can be resumed. */
async function runUnlocked(verb: Verb, flags: Flags, root: string, files?: RunFiles): Promise<void> {
  const commit = files && checkoutCommit(root);
  const { tenants } = named(root, verb, flags, files, commit);
  const gone = goneOf(root, verb, flags);
  const selected = deployable(root, flags.local, {
    ...(flags.tag && { tags: flags.tag }),
    ...(tenants && { tenants: tenants.filter((name) => !gone.includes(name)) }),
  });
  if (tenants === undefined && flags.tag === undefined) warnOfStrays(root);
  const rings =
    verb === "up"
      ? ringsOf(selected, flags.rings)
      : [{ ring: "all", tenants: [...namesOf(selected), ...gone, ...(await orphansOf(root, verb, flags))] }];
  const names = rings.flatMap(({ tenants }) => tenants);
  if (names.length === 0) {
    process.stdout.write(flags.json ? jsonReport(verb, []) : "No tenant is selected: nothing to do.\n");
    if (flags.tag || flags.rings) printError(`The tags are: ${tagsIn(selectTenants(root, {})).join(", ")}`);
    return;
  }
  if (!flags.yes) await confirm(verb, rings, flags.local);
  const runner = await runnerFor(verb, root, flags);
  const isLive = isLiveTerminal(process.stdout, process.env) && !flags.json;
  const print = flags.json ? printError : (line: string) => void process.stdout.write(`${line}\n`);
  const board = isLive ? liveBoard(names, process.stdout) : plainBoard(print);
  // A board that is redrawn in place would erase any other line.
  const note = isLive ? (text: string) => board.show({ kind: "note", text }) : printError;
  const stop = new StopRequest();
  const endSignals = stopAtSignals(stop, note);
  const record = files && new RunRecord({ file: files.record, tenants: names, commit, onTrouble: note });
  const outcomes = await runFleet({
    ...{ verb, rings, runner, stop, record },
    isLocal: flags.local,
    parallel: flags.parallel,
    refresh: flags.refresh,
    waitMs: flags.wait,
    maxFailures: flags.maxFailures,
    onEvent: (event) => board.show(event),
  }).finally(() => board.end());
  endSignals();
  process.exitCode = exitCodeOf(verb, outcomes, stop.how !== undefined);
  const colour = process.stdout.isTTY && process.stdout.hasColors();
  const text = { isLocal: flags.local, colour };
  process.stdout.write(flags.json ? jsonReport(verb, outcomes) : `\n${textReport(verb, outcomes, text)}`);
  if (outcomes.every(({ status }) => status === "not started")) return;
  try {
    writeReports(outcomes, flags);
  } catch (error) {
    printError(`The summary could not be written: ${(error as Error).message}`);
    if (process.exitCode !== exitCodes.interrupted) process.exitCode = exitCodes.failed;
  }
}

/** The selected tenants, in Azure without those that only the emulator has; a line names them. */
function deployable(root: string, isLocal: boolean, selection: Selection): FleetTenant[] {
  const selected = selectTenants(root, selection);
  if (isLocal) return selected;
  const others = emulatorOnlyAmong(root, namesOf(selected));
  if (others.length > 0) printError(emulatorOnlyLine(others));
  return selected.filter(({ name }) => !others.includes(name));
}

const printError = (line: string) => void process.stderr.write(`${line}\n`);

const namesOf = (tenants: readonly FleetTenant[]) => tenants.map(({ name }) => name);

/** Every tag that a tenant has, such as `ring=canary`. */
function tagsIn(tenants: readonly FleetTenant[]): string[] {
  const tags = tenants.flatMap((tenant) => Object.entries(tenant.tags).map((tag) => tag.join("=")));
  return [...new Set(tags)].sort();
}

/** The tenants that the flag names, or that the last run left. */
function named(
  root: string,
  verb: Verb,
  { tenant, resume, local }: Flags,
  files: RunFiles | undefined,
  commit: string | undefined,
): { tenants?: readonly string[] } {
  if (!resume || files === undefined) return tenant === undefined ? {} : { tenants: tenant };
  const last = lastRun(files.record, fleetCommand(verb, local));
  for (const line of otherCommits(last, commit)) printError(line);
  const left = leftToDo(last, tenantNames(root));
  return { tenants: tenant === undefined ? left : left.filter((name) => tenant.includes(name)) };
}

function warnOfStrays(root: string): void {
  for (const name of strayNames(root))
    printError(`${tenantFile(name)} is ignored: npm run tenant -- check --all shows why.`);
}

/** Tenants that the base commit has and the working tree lacks: a local preview shows them too. Their tags are not checked. */
function goneOf(root: string, verb: Verb, { local, base, tenant, tag }: Flags): string[] {
  if (verb !== "preview" || !local || tag !== undefined) return [];
  const gone = goneTenants(root, base ?? "HEAD");
  return tenant === undefined ? gone : gone.filter((name) => tenant.includes(name));
}

/** Stacks without a file, which the check of all tenants names. */
async function orphansOf(root: string, verb: Verb, { local, tenant, tag }: Flags): Promise<string[]> {
  if (verb !== "drift" || local || tenant !== undefined || tag !== undefined) return [];
  return stacksWithoutFile((await cloudCli(verb, root)).binary, root, new StopRequest());
}

async function runnerFor(verb: Verb, root: string, { local, base }: Flags): Promise<Runner> {
  if (local && verb === "cancel") throw new QtError("QT9050");
  if (local) return localRunner({ root, base });
  if (base !== undefined) throw new QtError("QT9513");
  return cloudRunner((await cloudCli(verb, root)).binary, root);
}

/** Found, or downloaded, once for the command. */
let cli: Promise<PulumiInstallation> | undefined;

function cloudCli(verb: Verb, root: string): Promise<PulumiInstallation> {
  cli ??= readyCli(verb, root);
  return cli;
}

/** @throws QtError QT9037 for another backend than the project's, QT9514 without a CLI, QT9027 if it cannot run the program */
async function readyCli(verb: Verb, root: string): Promise<PulumiInstallation> {
  refuseSecondBackend(root);
  const isUnattended = Boolean(process.env.CI || process.env.TF_BUILD);
  const cli = await deployingPulumi(isUnattended, printError);
  if (cli === undefined) throw new QtError("QT9514");
  const runsProgram = verb === "preview" || verb === "up";
  if (runsProgram && !hasLanguageHost(cli)) throw new QtError("QT9027", { binary: cli.binary });
  return cli;
}

/** @throws QtError QT9511 if there is no terminal, or the answer is not yes. */
async function confirm(verb: Verb, rings: readonly Ring[], isLocal: boolean): Promise<void> {
  const names = rings.flatMap(({ tenants }) => tenants);
  const what = `${verb} ${names.length === 1 ? names[0] : `${names.length} tenants (${names.join(", ")})`}`;
  if (!process.stdin.isTTY || !process.stderr.isTTY) throw new QtError("QT9511", { what });
  const answer = await ask(questionOf(verb, rings, isLocal), process.stdin, process.stderr);
  if (answer === "interrupted") process.exitCode = exitCodes.interrupted;
  if (answer !== "yes") throw new QtError("QT9511", { what });
}

/**
 * Lets a run continue without a reader, such as after `| head` or when its terminal closes. It keeps its exit code; only its output is
 * lost.
 */
function ignoreBrokenPipe(...streams: readonly NodeJS.WriteStream[]): void {
  for (const stream of streams) stream.on("error", () => {});
}

ignoreBrokenPipe(process.stdout, process.stderr);

program.parseAsync().catch((error: unknown) =>
  reportFailure(error, {
    exitCode: process.exitCode === undefined ? exitCodes.notBegun : Number(process.exitCode),
  }),
);
