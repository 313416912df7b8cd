import type { ErrorCatalogue } from "../packages/kit/errors/error-entry";

export const cliErrors = {
  QT9001: {
    what: "The dependencies could not be installed.",
    safe: "Only node_modules was touched.",
    next: "Check that this machine reaches its npm registry, then run the same command again.",
  },
  QT9002: {
    what: "This needs Node 22.19 or newer; this is {version}, and there is no packaged Node for {platform}.",
    safe: "Nothing was changed.",
    next: "Install Node 24 and run the same command again.",
  },
  QT9003: {
    what: "No local environment of stack {stack} is running.",
    safe: "The data landed so far is kept.",
    next: "npm run local -- up --stack {stack}, or alongside other tenants: npm run fleet -- up --local --tenant {stack}",
  },
  QT9004: {
    what: "The local environment is already running (process {pid}).",
    safe: "It keeps running.",
    next: "npm run local -- status shows it, npm run local -- stop stops it and keeps everything landed.",
  },
  QT9005: {
    what: "Dataset {dataset} is not in the configuration of stack {stack}; its datasets are: {known}.",
    safe: "Nothing was started.",
    next: "Use one of these, or add the dataset to Pulumi.{stack}.yaml and run npm run local -- up --stack {stack}.",
  },
  QT9006: {
    what: "The load of {dataset} ended {status}: {message}",
    safe: "The table and the feed are as they were before the load.",
    next: "Fix the cause named above, then run npm run load -- {dataset}. If a guard refused the snapshot, add --allow-shrink.",
  },
  QT9007: {
    what: "{what} differ: {difference}",
    safe: "Nothing was changed by the comparison.",
    next: "This is a defect: keep .local/ and report it with the output of npm run local -- status --json.",
  },
  QT9008: {
    what: "The request to {url} failed with status {status}: {message}",
    safe: "Nothing else was sent.",
    next: "npm run local -- status",
  },
  QT9009: {
    what: "The local environment did not start: {message}",
    safe: "The data landed so far is kept in {folder}.",
    next: "Read {log}, then run the same command again; npm run local -- reset starts from nothing.",
  },
  QT9024: {
    what: "The deployment failed: {message}",
    safe: "What was deployed before is up: {url}. The data landed so far is kept.",
    next: "Correct the cause, then: npm run local -- stop, and npm run local -- up.",
  },
  QT9025: {
    what: "QT_LIMITS is {limits}, which is no kind of subscription.",
    safe: "Nothing was started.",
    next: "Set it to one of {plans}, or unset it.",
  },
  QT9026: {
    what: "The local environment is already running (process {pid}), but not for a Pulumi CLI of your own.",
    safe: "It keeps running.",
    next: "npm run local -- stop, then npm run local -- up --attach: everything landed is kept.",
  },
  QT9027: {
    what: "The Pulumi CLI {binary} cannot run a program: it has no pulumi-language-nodejs, neither on PATH nor beside it.",
    safe: "Nothing was started.",
    next: "Install the complete CLI (https://www.pulumi.com/docs/install/) and put it first on PATH. For the local emulator it is enough: npm run fleet -- up --local.",
  },
  QT9028: {
    what: "A deployment of {stack} was killed, and the subscription in which to look for what it made is not known.",
    safe: "Nothing was changed.",
    next: "Set ARM_SUBSCRIPTION_ID, or azure-native:subscriptionId in the tenant's file, and run the same command again.",
  },
  QT9029: {
    what: "A deployment of {stack} was killed, and its state could not be completed: {reason}",
    safe: "The state is as the killed deployment left it.",
    next: "If Pulumi is running for the stack, let it end. If its lock is of another machine, and no Pulumi runs there: pulumi cancel --stack {stack}. Then run the same command again.",
  },
  QT9030: {
    what: "The state of {stack} cannot be read: there is no Pulumi CLI on PATH or in ~/.pulumi/versions.",
    safe: "Nothing was changed.",
    next: "Install it (https://www.pulumi.com/docs/install/), log in to the stack's backend, and run the same command again.",
  },
  QT9031: {
    what: "Only the emulator has the tenant {stack} (quantemplate:emulatorOnly in its file): it has no stack in Azure.",
    safe: "Nothing was started.",
    next: "Leave --cloud out, or name a tenant that is deployed: npm run tenant -- list",
  },
  QT9032: {
    what: "{service} refused {method} {url}: {status} {reason}",
    safe: "What the steps before made stays, and is found again.",
    next: "The step says which right it takes. With it, run the same command again, or pass the step's command to who has it.",
  },
  QT9033: {
    what: "The step {step} was made and does not show it yet: {missing}.",
    safe: "What it made stays, and is found again.",
    next: "Entra and Resource Manager may take some minutes: run the same command again.",
  },
  QT9034: {
    what: "The tokens of {repository} have a subject of its own, made of {keys}: it is not known here what an environment's is.",
    safe: "Nothing was trusted.",
    next: "Make the federated credentials for the subjects that a workflow's token shows, or set the default: gh api --method PUT repos/{repository}/actions/oidc/customization/sub -F use_default=true",
  },
  QT9035: {
    what: "The set-up needs more: {missing}.",
    safe: "Nothing was asked and nothing was made.",
    next: "Pass it, as npm run setup -- --help says. az account show prints subscription and tenant.",
  },
  QT9036: {
    what: "Identities cannot do what a deployment needs: {failures}",
    safe: "Everything that was made stays.",
    next: "A new role takes up to ten minutes: run the same command again. If it stays so, look at the step Rights.",
  },
  QT9037: {
    what: "PULUMI_BACKEND_URL is {variable}, and Pulumi.yaml names the backend {project}: the two would be two fleets.",
    safe: "Nothing was started.",
    next: "Leave PULUMI_BACKEND_URL out, or change backend.url in Pulumi.yaml for everybody.",
  },
  QT9038: {
    what: "The key {provider} cannot encrypt a fleet's secrets: it {problem}.",
    safe: "No stack was changed.",
    next: "az keyvault key show --vault-name <vault> --name <key> --query key.kid prints a key with its version; write azurekeyvault: in place of https:.",
  },
  QT9039: {
    what: "The secrets of {tenants} are still encrypted by the key before.",
    safe: "Their stacks and files are as they were; keep the old version enabled.",
    next: "Correct what the lines above say, then: npm run tenant -- rotate-key {provider} --tenant {tenants}",
  },
  QT9050: {
    what: "The emulator's stacks have no lock that a killed run could leave.",
    safe: "Nothing was started.",
    next: "Leave --local out to release the lock of a stack in the cloud, or go on: npm run fleet -- up --local",
  },
  QT9010: {
    what: "The event for {dataset} did not become a load: {what} {status}. {message}",
    safe: "The table and the feed are as they were before the event.",
    next: "Fix the cause and send the event again. If a guard refused the snapshot: npm run local -- up, then npm run load -- {dataset} --allow-shrink; npm run local -- reset starts from nothing.",
  },
  QT9013: {
    what: "The local environment does not answer at {url}: {reason}",
    safe: "The data landed so far is kept in .local/.",
    next: "npm run local -- status. If it is not running, npm run local -- up starts it again.",
  },
  QT9015: {
    what: "The folder {folder} cannot hold the local environment: {reason}.",
    safe: "Nothing in it was changed.",
    next: "Point QT_LOCAL_FOLDER at a new or empty folder, or unset it for .local in the checkout.",
  },
  QT9016: {
    what: "The file {file} cannot be read: {reason}.",
    safe: "Nothing was sent; the dataset is as it was.",
    next: "Give the path of a CSV file: npm run local -- event --file <csv>",
  },
  QT9017: {
    what: "There is no stack {stack}; the stacks are: {known}.",
    safe: "Nothing was deployed.",
    next: "Use one of these, or create it: npm run tenant -- new {stack}",
  },
  QT9012: {
    what: "There is no sample data for dataset {dataset}, only for: {known}.",
    safe: "Nothing was changed.",
    next: "npm run local -- event {dataset} --file <csv>",
  },
  QT9014: {
    what: "The outputs or settings of stack {stack} could not be read: {reason}",
    safe: "Nothing was started.",
    next: "Log in to the stack's backend (pulumi login), then run pulumi stack output -s {stack}.",
  },
  QT9011: {
    what: "The Pulumi program of stack {stack} returned no output {name}.",
    safe: "What was deployed stays as it is.",
    next: "Return {name} from infra/program.ts, then run the command again.",
  },
  QT9018: {
    what: "The command line is not valid: {reason}",
    safe: "Nothing was done.",
    next: "Run the same command with --help to see its arguments and options.",
  },
  QT9019: {
    what: "The command failed unexpectedly: {reason}",
    safe: "The data landed so far is kept.",
    next: "This is a defect: run the command again without --json and report what it prints.",
  },
} as const satisfies ErrorCatalogue;
