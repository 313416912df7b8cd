import type { ErrorCatalogue } from "../packages/kit/errors/error-entry";

export const fleetErrors = {
  QT9501: {
    what: "{source} is not the output of pulumi preview --json: {reason}",
    safe: "Nothing was deployed and nothing was summarised.",
    next: "Create it again with: pulumi preview --json --non-interactive -s <stack> > <file>",
  },
  QT9502: {
    what: "{source} is not an event log of Pulumi's engine: line {line}: {reason}",
    safe: "Nothing was deployed and nothing was summarised.",
    next: "Create it again with: pulumi preview --event-log <file> -s <stack>",
  },
  QT9503: {
    what: "{source} does not describe exactly one stack: it names {found}.",
    safe: "Nothing was deployed and nothing was summarised.",
    next: "Pass one file for each stack, and the stack's name if the preview has no resources.",
  },
  QT9510: {
    what: "git does not know the commit {ref}.",
    safe: "Nothing was deployed and nothing was compared.",
    next: "Name a commit, branch or tag of this repository; in a shallow clone, fetch it first: git fetch --depth 1 origin {ref}",
  },
  QT9511: {
    what: "Nobody confirmed {what}.",
    safe: "Nothing was started.",
    next: "Run the same command on a terminal and answer yes, or add --yes.",
  },
  QT9512: {
    what: "There is no run of {command} to resume: {file} does not exist, or cannot be read.",
    safe: "Nothing was started.",
    next: "Run {command} without --resume: a tenant that is up to date is left unchanged.",
  },
  QT9513: {
    what: "--base needs --local: a stack in the cloud is always compared with what is deployed there.",
    safe: "Nothing was started.",
    next: "Add --local, or leave --base out.",
  },
  QT9514: {
    what: "There is no Pulumi CLI on this machine, and none could be downloaded.",
    safe: "Nothing was started.",
    next: "Install it (https://www.pulumi.com/docs/install/), or add --local.",
  },
  QT9515: {
    what: "The local emulator did not start: {reason}",
    safe: "Nothing was deployed and nothing was compared.",
    next: "Fix the cause, then run the same command again.",
  },
  QT9516: {
    what: "{file} cannot be written: {reason}",
    safe: "Nothing was started.",
    next: "Pass a file that can be written to {option}, or leave the option out.",
  },
  QT9517: {
    what: "Another {command} is running already, as process {pid}.",
    safe: "Nothing was started, and that run continues.",
    next: "Wait for it. If process {pid} is something else, remove {file} and run the same command again.",
  },
} as const satisfies ErrorCatalogue;
