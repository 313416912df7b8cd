import { Command, InvalidArgumentError, Option } from "commander";
import { reportFailure } from "../../errors/failure";
import * as local from "../../local";
import type { AdminTask } from "../load/administer";
import { outputMode, runSteps } from "../progress";

interface CommonOptions {
  stack: string;
  json: boolean;
  pulumi: local.PulumiChoice;
  database?: string;
  policy?: string;
  limits?: local.LimitPlan;
}

interface LoadFlags {
  all: boolean;
  allowShrink: boolean;
  allowOlder: boolean;
  version?: number;
  fromVersion?: number;
  toVersion?: number;
  cloud: boolean;
  erase?: string;
  lift?: string;
  release?: string;
  key: ReadonlyMap<string, string>;
}

// Commands load their modules when they run, so that `--help` and `status` do not wait for the Pulumi SDK.
const program = new Command("npm run local --")
  .description("The local emulator of Azure: runs what the Pulumi program deploys, on this machine only.")
  .showHelpAfterError()
  // Otherwise commander would end the process before the failure is printed as JSON.
  .exitOverride();

function command(name: string, description: string): Command {
  return program
    .command(name)
    .description(description)
    .option("--stack <name>", "the stack, that is, the tenant: Pulumi.<name>.yaml", "dev")
    .option("--json", "print the result as JSON, and nothing else", false);
}

const pulumiOption = () =>
  new Option(
    "--pulumi <how>",
    "engine: with the Pulumi CLI; in-process: without it; auto: with the CLI if there is one",
  )
    .choices(["auto", "engine", "in-process"])
    .default("auto");

const databaseOption = () =>
  new Option(
    "--database <url>",
    "a SQL Server (mssql://user@host:port, its password in QT_DATABASE_PASSWORD) instead of the embedded PostgreSQL; remembered in the emulator's folder",
  );

const policyOption = () =>
  new Option(
    "--policy <file>",
    "Azure Policy definitions and assignments that every resource must pass, while this runs: packages/azure-emulator/policies/landing-zone.json, or your own",
  );

const limitsOption = () =>
  new Option(
    "--limits <plan>",
    "the kind of subscription whose limits count (default: enterprise, or QT_LIMITS)",
  ).choices(local.limitPlans);

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new InvalidArgumentError("It must be a whole number, 1 or more.");
  return value;
}

/** `column=value`, added to those before. A column may not have an equals sign; a value may. */
function keyPart(text: string, before: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const at = text.indexOf("=");
  const column = text.slice(0, Math.max(at, 0));
  if (column === "") throw new InvalidArgumentError("Write column=value.");
  if (before.has(column)) throw new InvalidArgumentError("Name each column once.");
  return new Map([...before, [column, text.slice(at + 1)]]);
}

function adminTask({ erase, lift, release, key }: LoadFlags): AdminTask | undefined {
  if (erase !== undefined) return { kind: "erase", dataset: erase, key };
  if (lift !== undefined) return { kind: "lift", dataset: lift, key };
  return release === undefined ? undefined : { kind: "release", table: release };
}

const rowsOption = () =>
  new Option("--rows <n>", "rows of the sample bordereau").default(local.SAMPLE_ROWS).argParser(wholeNumber);

const sampleDataset = "d-bordereau-premium";

command("start", "deploy everything here, land two snapshots, sync Fivetran after each, compare, and stay up")
  .option("--once", "end after the demonstration", false)
  .addOption(rowsOption())
  .addOption(databaseOption())
  .addOption(policyOption())
  .addOption(limitsOption())
  .addOption(pulumiOption())
  .action(async (options: CommonOptions & { once: boolean; rows: number }) => {
    const mode = outputMode(options.json);
    await local.start({ ...options, folder: local.defaultFolder, dataset: sampleDataset, mode });
  });

command("up", "deploy everything here, in the background")
  .addOption(databaseOption())
  .addOption(policyOption())
  .addOption(limitsOption())
  .addOption(pulumiOption())
  .option(
    "--attach",
    "deploy nothing, and print the variables with which your own `pulumi preview` and `pulumi up` deploy here",
    false,
  )
  .addOption(
    new Option("--format <form>", "with --attach: the form of the variables")
      .choices(local.variableFormats())
      .default("shell"),
  )
  .action(async (options: CommonOptions & { attach: boolean; format: local.VariableFormat }) => {
    if (options.attach) {
      const format = options.json ? "json" : options.format;
      await local.attach({ ...options, folder: local.defaultFolder }, format);
      return;
    }
    const run = (report: (line: string) => void) =>
      local.upInBackground({ ...options, folder: local.defaultFolder }, report);
    await runSteps(
      [{ title: "Deploy with Pulumi into the local emulator of Azure", run }],
      outputMode(options.json),
    );
    await local.status(local.defaultFolder, options.stack, options.json);
  });

command("stop", "stop what runs here; everything landed is kept").action(async ({ json }: CommonOptions) => {
  await local.stop(local.defaultFolder, outputMode(json));
});

program
  .command("serve", { hidden: true })
  .requiredOption("--stack <name>")
  .requiredOption("--pulumi <how>")
  .option("--policy <file>")
  .option("--limits <plan>")
  .option("--attach")
  .action(async (options: CommonOptions & { attach?: boolean }) => {
    await local.serve({ ...options, folder: local.defaultFolder });
  });

command("event", "change a dataset at Quantemplate and follow its event to the published rows")
  .argument("[dataset]", "dataset id or table", sampleDataset)
  .addOption(rowsOption())
  .option("--file <csv>", "a CSV file with the dataset's new content")
  .option("--replay", "send the event again without changing the data", false)
  .action(
    async (dataset: string, options: CommonOptions & { rows: number; file?: string; replay: boolean }) => {
      const mode = outputMode(options.json);
      await local.event({ ...options, file: options.file, folder: local.defaultFolder, dataset, mode });
    },
  );

command("sync", "run one Fivetran sync")
  .option("--resync", "discard the state first, so that everything is sent again", false)
  .action(async (options: CommonOptions & { resync: boolean }) => {
    await local.sync({ ...options, folder: local.defaultFolder, mode: outputMode(options.json) });
  });

command("status", "show all addresses and the state of each dataset").action(
  async (options: CommonOptions) => {
    await local.status(local.defaultFolder, options.stack, options.json);
  },
);

command(
  "env",
  "print what tools need to work with it (addresses, ids, secrets), ready for a shell or a driver",
)
  .addOption(
    new Option(
      "--format <form>",
      "variables as shell, powershell, dotenv or json; the database as jdbc, adonet or odbc",
    )
      .choices(local.envFormats())
      .default("shell"),
  )
  .option("--from <network/subnet>", "as a runner in that subnet, for programs of Node")
  .action(
    async ({ stack, json, format, from }: CommonOptions & { format: local.EnvFormat; from?: string }) => {
      await local.env(local.defaultFolder, stack, json ? "json" : format, from);
    },
  );

command("reset", "delete all local data and deploy again, in the background")
  .addOption(pulumiOption())
  .action(async (options: CommonOptions) => {
    await local.reset({ ...options, folder: local.defaultFolder }, outputMode(options.json));
  });

command("down", "destroy the stack and remove everything local")
  .addOption(pulumiOption())
  .action(async (options: CommonOptions) => {
    await local.down({ ...options, folder: local.defaultFolder }, outputMode(options.json));
  });

command(
  "load",
  "run the pipeline for a dataset without an event: for a first load, or after a guard refused one",
)
  .argument("[dataset]", "dataset id or table")
  .option("--all", "every configured dataset", false)
  .option(
    "--allow-shrink",
    "publish even if the snapshot is empty, or lost more rows or changed more columns than the guards allow",
    false,
  )
  .addOption(
    new Option("--version <n>", "this version of Quantemplate's instead of the latest")
      .argParser(wholeNumber)
      .conflicts(["fromVersion", "toVersion", "all"]),
  )
  .addOption(
    new Option(
      "--from-version <n>",
      "Quantemplate's versions from this one on, in order, each as its own version",
    )
      .argParser(wholeNumber)
      .conflicts("all"),
  )
  .addOption(
    new Option(
      "--to-version <n>",
      "with --from-version: the last one; without it, up to the first that is missing",
    ).argParser(wholeNumber),
  )
  .option("--allow-older", "load a version even if it may be older than what is published", false)
  .addOption(
    new Option("--erase <dataset>", "erase the row of a --key for good, also from later loads").conflicts([
      "lift",
      "release",
      "all",
    ]),
  )
  .addOption(
    new Option("--lift <dataset>", "let the row of an erased --key land again").conflicts(["release", "all"]),
  )
  .addOption(
    new Option("--release <table>", "release the table name of a dataset that is not configured").conflicts(
      "all",
    ),
  )
  .addOption(
    new Option("--key <column=value>", "with --erase or --lift: a key column's value; once for each")
      .argParser(keyPart)
      .default(new Map(), "none"),
  )
  .option("--cloud", "use the stack in Azure instead of the emulator; signs in as pulumi up does", false)
  .action(async (dataset: string | undefined, options: CommonOptions & LoadFlags, self) => {
    const task = adminTask(options);
    if (task !== undefined && dataset !== undefined)
      self.error("error: --erase, --lift and --release name what they are for");
    if (task !== undefined && task.kind !== "release" && task.key.size === 0)
      self.error("error: name the row with --key column=value, once for each key column");
    if (options.key.size > 0 && (task === undefined || task.kind === "release"))
      self.error("error: --key needs --erase or --lift");
    if (task !== undefined) {
      const { administer } = require("../load/administer") as typeof import("../load/administer");
      const mode = outputMode(options.json);
      await administer({ ...options, task, folder: local.defaultFolder, mode });
      return;
    }
    const { version, fromVersion: from = version, toVersion: to = version } = options;
    if ((dataset === undefined) === !options.all) self.error("error: name one dataset, or pass --all");
    if (to !== undefined && (from === undefined || from > to))
      self.error("error: --to-version needs a --from-version that is not above it");
    const versions = from === undefined ? undefined : { from, to };
    const { load } = require("../load/load") as typeof import("../load/load");
    const mode = outputMode(options.json);
    await load({ ...options, versions, dataset, folder: local.defaultFolder, mode });
  });

// A reader that stops early (`| head`) is not a failure.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit();
});

program.parseAsync().catch((error: unknown) => reportFailure(error));
