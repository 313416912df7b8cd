import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { Command, InvalidArgumentError } from "commander";
import { reportFailure } from "../../errors/failure";
import { QtError } from "../../errors/qt-error";
import { parseList } from "../fleet/arguments";
import { gitHubOf } from "./git-hub";
import type { AzureDevOpsProject } from "./plan";

interface Flags {
  subscription?: string;
  tenantId?: string;
  location: string;
  prefix: string;
  allowIp?: string[];
  github?: string;
  githubServer: string;
  azureDevops?: AzureDevOpsProject;
  yes: boolean;
  json: boolean;
}

const program = new Command("npm run setup --")
  .description(
    "From an empty subscription to a first preview: what deploying needs, step by step. Without --yes nothing is made, only looked for. Signs in as pulumi up does: ARM_* variables, or az login.",
  )
  .option("-C, --cwd <folder>", "folder of the Pulumi project", join(__dirname, "..", ".."))
  .option(
    "--subscription <id>",
    "the subscription that tenants are deployed to (default: ARM_SUBSCRIPTION_ID)",
  )
  .option("--tenant-id <id>", "the Entra tenant (default: ARM_TENANT_ID)")
  .option("--location <region>", "region of state and key", "westeurope")
  .option("--prefix <text>", "what every name begins with", prefix, "quantemplate")
  .option("--allow-ip <a,b>", "close the state's network to all but these addresses", parseList)
  .option(
    "--github <owner/name>",
    "the repository whose workflows deploy; with GITHUB_TOKEN or gh it is set up too",
  )
  .option("--github-server <url>", "of a GitHub Enterprise Server", "https://github.com")
  .option(
    "--azure-devops <organisation/project>",
    "the project whose pipelines deploy; its commands are printed",
    project,
  )
  .option("--yes", "make what is missing, and try every identity", false)
  .option("--json", "print the result as JSON, and nothing else", false)
  .showHelpAfterError()
  .exitOverride();

function prefix(text: string): string {
  if (!/^[A-Za-z][A-Za-z0-9-]{1,39}$/.test(text))
    throw new InvalidArgumentError("Expects 2 to 40 letters, digits and hyphens, a letter first.");
  return text;
}

function project(text: string): AzureDevOpsProject {
  const [, organisation, name] = /^([^/]+)\/(.+)$/.exec(text) ?? [];
  if (organisation === undefined || name === undefined)
    throw new InvalidArgumentError("Expects <organisation>/<project>.");
  return { organisation, project: name };
}

program.action(async (flags: Flags & { cwd: string }) => {
  const { runSetup } = require("./run-setup") as typeof import("./run-setup");
  const { env } = process;
  const subscriptionId = flags.subscription || env.ARM_SUBSCRIPTION_ID;
  const tenantId = flags.tenantId || env.ARM_TENANT_ID;
  const missing = [...(subscriptionId ? [] : ["--subscription"]), ...(tenantId ? [] : ["--tenant-id"])];
  if (!subscriptionId || !tenantId) throw new QtError("QT9035", { missing: missing.join(", ") });
  const gitHub = gitHubOf(flags.github, flags.githubServer, env);
  const longest = Number(env.QT_LONGEST_PAUSE_MS || Number.POSITIVE_INFINITY);
  await runSetup({
    root: flags.cwd,
    makes: flags.yes,
    json: flags.json,
    plan: {
      ...{ tenantId, subscriptionId, location: flags.location, prefix: flags.prefix },
      ...(flags.allowIp && { allowedIps: flags.allowIp }),
      gitHub: gitHub?.repository,
      azureDevOps: flags.azureDevops,
    },
    door: {
      env: { ...env, ARM_SUBSCRIPTION_ID: subscriptionId, ARM_TENANT_ID: tenantId },
      gitHub: gitHub?.access,
      pause: (milliseconds) => delay(Math.min(milliseconds, longest)),
    },
    print: (line) => void process.stdout.write(`${line}\n`),
  });
});

program.parseAsync().catch((error: unknown) => reportFailure(error));
