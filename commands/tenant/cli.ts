import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { text as readAll } from "node:stream/consumers";
import { Command, InvalidArgumentError } from "commander";
import { reportFailure } from "../../errors/failure";
import { QtError } from "../../errors/qt-error";
import { findPulumi } from "../../packages/kit/find-pulumi";
import { checkStrayFiles, checkTenant, mistakeLine } from "../../tenants/check";
import { uncheckedSettings } from "../../tenants/effective-settings";
import { emulatorOnlyAmong, emulatorOnlyLine } from "../../tenants/emulator-only";
import { keysInUse, PROVIDER_VARIABLE } from "../../tenants/secrets-provider";
import { sharedIdentities } from "../../tenants/shared-identity";
import { existingTenantFile, strayNames, tenantFile, tenantNames } from "../../tenants/tenant-files";
import { SCHEMA_FILE, schemaText } from "../../tenants/tenant-schema";
import { parseList } from "../fleet/arguments";
import { StopRequest } from "../fleet/run";
import type { DatasetAnswer } from "./compose-file";
import { diffTenants } from "./diff";
import { listTenants } from "./list";
import { newTenant } from "./new-tenant";
import { asked, parseDatasetFlag } from "./questions";
import { removeTenant } from "./remove-tenant";
import { rotateKey } from "./rotate-key";
import { SECRET_VARIABLE } from "./run-pulumi";
import { table, valueText } from "./table";
import { terminalAsk } from "./terminal-ask";

interface NewFlags {
  from?: string;
  organisationId?: string;
  clientId?: string;
  location?: string;
  dataset?: DatasetAnswer[];
  secretStdin?: boolean;
  secret: boolean;
  secretsProvider?: string;
  json: boolean;
}

const program = new Command("npm run tenant --")
  .description(
    "Manages tenants. Each is a stack with its settings in Pulumi.<name>.yaml, on top of the common ones in Pulumi.yaml.",
  )
  .option("-C, --cwd <folder>", "folder of the Pulumi project", join(__dirname, "..", ".."))
  .showHelpAfterError()
  // Otherwise commander would end the process before the failure is printed as JSON.
  .exitOverride();

const root = () => program.opts<{ cwd: string }>().cwd;
/** Resolves once the text is written, so that later text on standard error comes after it. */
const print = (text: string) =>
  new Promise<void>((resolve) => process.stdout.write(`${text}\n`, () => resolve()));
/** Prints the result as JSON or as text. */
const show = (json: boolean, result: unknown, text: () => string) =>
  print(json ? JSON.stringify(result, null, 2) : text());
const command = (nameAndArguments: string, description: string) =>
  program
    .command(nameAndArguments)
    .description(description)
    .option("--json", "print the result as JSON, and nothing else", false);
const explained = ({ flag, schema }: (typeof asked)[keyof typeof asked]) =>
  [`${flag} <value>`, schema.description ?? ""] as const;

command("new <name>", "create a tenant; asks for what the flags do not give")
  .option("--from <tenant>", "copy this tenant's settings, but never its secrets")
  .option(...explained(asked.organisationId))
  .option(...explained(asked.clientId))
  .option(...explained(asked.location))
  .option(
    "--dataset <id=…,table=…,key=…>",
    'a dataset that becomes a table; repeat it for each further dataset, and key= for each further key column; write a header with a comma as key="Loss, gross"',
    (text: string, before: DatasetAnswer[] = []) => {
      const dataset = parseDatasetFlag(text);
      if (dataset === undefined)
        throw new InvalidArgumentError("Expects id=<id>,table=<table>[,key=<header>…].");
      return [...before, dataset];
    },
  )
  .option("--secret-stdin", `read the API client's secret from standard input, or set ${SECRET_VARIABLE}`)
  .option("--no-secret", "set the secret later")
  .option(
    "--secrets-provider <url>",
    `what encrypts the stack's secrets, as for pulumi stack init: azurekeyvault://<vault>.vault.azure.net/keys/<key>/<version> (default: ${PROVIDER_VARIABLE}, then the key of --from, then the key that all other tenants share)`,
  )
  .action(async (name: string, flags: NewFlags) => {
    const { organisationId, clientId, location, dataset: datasets } = flags;
    const isTerminal = process.stdin.isTTY && process.stderr.isTTY && !flags.json;
    const made = await newTenant({
      root: root(),
      name,
      from: flags.from,
      given: { organisationId, clientId, location, datasets },
      secret: await givenSecret(name, flags),
      secretsProvider: flags.secretsProvider,
      ask: isTerminal ? terminalAsk(process.stdin, process.stderr) : undefined,
    });
    await show(flags.json, made, () => {
      const secret = made.reason ? `The file does not contain the secret: ${made.reason}\n` : "";
      const passphrase =
        made.secretsProvider === "passphrase"
          ? "A passphrase encrypts its secrets, and a pipeline does not have it; docs/tenants.md explains how to use a key.\n"
          : "";
      return `Wrote ${made.file}.\n${secret}${passphrase}Next:\n${made.next.map((line) => `  ${line}`).join("\n")}`;
    });
  });

/** Never from an argument, which every process on the machine can see. A terminal asks for it without showing it. */
async function givenSecret(
  name: string,
  { secret, secretStdin }: NewFlags,
): Promise<string | false | undefined> {
  if (!secret) return false;
  if (secretStdin && !process.stdin.isTTY) {
    const text = (await readAll(process.stdin)).replace(/\r?\n$/, "");
    if (text === "") throw new QtError("QT9112", { name });
    return text;
  }
  return process.env[SECRET_VARIABLE] || undefined;
}

command("list", "list every tenant").action(({ json }: { json: boolean }) => {
  const tenants = listTenants(root());
  for (const name of strayNames(root())) {
    const why = "npm run tenant -- check --all shows why";
    process.stderr.write(`${tenantFile(name)} is ignored: ${why}.\n`);
  }
  return show(json, tenants, () => {
    const rows = tenants.map((tenant) => {
      const { name, organisationId, location, datasets, ring, hasSecret } = tenant;
      const where = tenant.emulatorOnly ? "emulator" : "Azure";
      const cells = [name, organisationId, location, datasets, ring, hasSecret ? "set" : "not set", where];
      return cells.map((cell) => cell ?? "-");
    });
    return table([["tenant", "organisation", "region", "datasets", "ring", "secret", "in"], ...rows]);
  });
});

command(
  "check [name]",
  "report every mistake at once, each with its place and its fix; exit code 1 if there is one",
)
  .option("--all", "every tenant", false)
  .action(async (name: string | undefined, { json, all }: { json: boolean; all: boolean }, self: Command) => {
    if ((name === undefined) === !all) self.error("error: name one tenant, or pass --all");
    const names = name === undefined ? tenantNames(root()) : [name];
    const keys = keysInUse(root());
    const checked = names.map((tenant) => ({ tenant, mistakes: checkTenant(root(), tenant, keys) }));
    for (const { tenant, mistake } of sharedIdentities(root(), name)) {
      checked.find((it) => it.tenant === tenant)?.mistakes.push(mistake);
    }
    const found = checked.concat(all ? checkStrayFiles(root()) : []);
    // A mistake in the common settings is found for every tenant but shown once.
    const lines = [...new Set(found.flatMap(({ mistakes }) => mistakes.map(mistakeLine)))];
    const wrong = found.filter(({ mistakes }) => mistakes.some(({ isWarning }) => !isWarning));
    const verdict =
      names.length === 0
        ? "There are no tenants yet: npm run tenant -- new <name>"
        : `No mistake in ${names.join(", ")}.`;
    const others = emulatorOnlyAmong(root(), names);
    if (others.length > 0) process.stderr.write(`${emulatorOnlyLine(others)}\n`);
    const failed = wrong.map(({ tenant }) => tenant);
    await show(json, found, () => [...lines, ...(failed.length > 0 ? [] : [verdict])].join("\n"));
    failWithMistakes(failed);
  });

/** Prints the failure after the mistakes. It is not thrown, because with --json the mistakes are the result. */
function failWithMistakes(tenants: readonly string[]): void {
  if (tenants.length === 0) return;
  process.exitCode = 1;
  const failure = new QtError("QT9106", { tenants: tenants.join(", ") });
  process.stderr.write(`${failure.format()}\n`);
}

command(
  "show <name>",
  "show a tenant's settings as the program reads them, defaults included; exit code 1 if there is a mistake",
)
  .option("--origin", "also show where each value comes from", false)
  .action(async (name: string, { json, origin }: { json: boolean; origin: boolean }) => {
    const settings = uncheckedSettings(root(), name);
    const shown = settings.map(({ key, value, origin: from }) =>
      origin ? { key, value, origin: from } : { key, value },
    );
    await show(json, shown, () =>
      table(
        settings.map(({ key, value, origin: from }) => [key, valueText(value), ...(origin ? [from] : [])]),
      ),
    );
    const mistakes = checkTenant(root(), name).filter(({ isWarning }) => !isWarning);
    for (const mistake of mistakes) process.stderr.write(`${mistakeLine(mistake)}\n`);
    failWithMistakes(mistakes.length > 0 ? [name] : []);
  });

command("diff <a> <b>", "show the settings in which two tenants differ, defaults included").action(
  async (a: string, b: string, { json }: { json: boolean }) => {
    const differences = diffTenants(root(), a, b);
    await show(json, differences, () => {
      const rows = differences.map(({ key, left, right }) => [key, valueText(left), valueText(right)]);
      return rows.length === 0 ? `${a} and ${b} have the same settings.` : table([["", a, b], ...rows]);
    });
  },
);

command(
  "repair <name>",
  "complete the state of a killed deployment, so that the next pulumi up or destroy ends clean; npm run fleet does it itself",
).action(async (name: string, { json }: { json: boolean }) => {
  existingTenantFile(root(), name, "QT9113");
  const cli = findPulumi();
  if (cli === undefined) throw new QtError("QT9030", { stack: name });
  const { repairKilledStack } = require("../fleet/killed-stack") as typeof import("../fleet/killed-stack");
  const options = { binary: cli.binary, root: root(), stop: new StopRequest() };
  const repaired = await repairKilledStack(name, options);
  await show(
    json,
    { repaired: repaired?.text ?? null },
    () => `${name}: ${repaired?.text ?? "nothing is pending"}.`,
  );
});

command(
  "rotate-key <url>",
  "let another key, or another version of it, encrypt the stacks' secrets; the old one must still be enabled",
)
  .option("--tenant <a,b>", "only these tenants (default: all that have a stack)", parseList)
  .action(async (provider: string, { json, tenant }: { json: boolean; tenant?: string[] }) => {
    const rotated = await rotateKey({ root: root(), provider, tenants: tenant });
    const words = { changed: "changed", same: "has it already", failed: "failed" } as const;
    await show(json, rotated, () =>
      [
        ...rotated.map(
          ({ tenant: name, state, reason }) => `${name}: ${words[state]}${reason ? `: ${reason}` : ""}`,
        ),
        ...(rotated.some(({ state }) => state === "changed")
          ? ["Commit and merge the changed files. Disable the old version only then."]
          : []),
      ].join("\n"),
    );
    const failed = rotated.filter(({ state }) => state === "failed").map(({ tenant: name }) => name);
    if (failed.length === 0) return;
    process.exitCode = 1;
    process.stderr.write(`${new QtError("QT9039", { tenants: failed.join(","), provider }).format()}\n`);
  });

command("remove <name>", "remove a tenant's stack and file; refused while the stack has resources")
  .option("--yes", "do not ask", false)
  .option(
    "--force",
    "remove the file even if it holds secrets of a stack that this backend does not have",
    false,
  )
  .action(async (name: string, { json, yes, force }: { json: boolean; yes: boolean; force: boolean }) => {
    existingTenantFile(root(), name, "QT9113");
    if (!yes) {
      if (!process.stdin.isTTY || !process.stderr.isTTY) throw new QtError("QT9110", { name });
      await terminalAsk(
        process.stdin,
        process.stderr,
      )({
        message: `Remove ${name}`,
        explanation: `This removes its stack and its file. Type ${name} to continue.`,
        problem: (text) => (text === name ? undefined : `Expects ${name}`),
      });
    }
    await removeTenant(root(), name, { force });
    await show(json, { removed: name }, () => `Removed the tenant ${name}.`);
  });

program
  .command("schema")
  .description("print the JSON Schema of a tenant's file, which editors use for completion and checks")
  .option("--write", `write it to ${SCHEMA_FILE}`, false)
  .action(({ write }: { write: boolean }) => {
    if (write) writeFileSync(join(root(), SCHEMA_FILE), schemaText());
    else process.stdout.write(schemaText());
  });

// A reader that stops early (`| head`) is not a failure.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit();
});

program.parseAsync().catch((error: unknown) => reportFailure(error));
