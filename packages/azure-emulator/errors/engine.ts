import type { ErrorCatalogue } from "../../kit/errors/error-entry";

export const engineErrors = {
  QT7001: {
    what: "The emulator does not support resources of type {token}.",
    safe: "Nothing was created for it; other resources are as they were.",
    next: "Describe the type in packages/azure-resource-types/types/, or deploy to Azure with `pulumi up -s <stack>`.",
  },
  QT7002: {
    what: "{name} ({type}) cannot have an id: one of {inputs} is missing or not a text.",
    safe: "Nothing was created for it.",
    next: "In {program}, give the resource all of these inputs.",
  },
  QT7003: {
    what: "The emulator does not support the provider function {token}.",
    safe: "Nothing was changed.",
    next: "Read the value from a resource's outputs instead; only azure-native:authorization:getClientConfig and the `get` functions of the described types are supported.",
  },
  QT7004: {
    what: "A text of {length} characters cannot hold the {least} characters that the inputs require.",
    safe: "Nothing was created.",
    next: "Raise `length`, lower the `min…` inputs, or allow one class of characters.",
  },
  QT7005: {
    what: "{name} must be a whole number of 0 or more, but is {value}.",
    safe: "Nothing was created.",
    next: "Correct the input of the random resource in {program}.",
  },
  QT7006: {
    what: "Pulumi's {verb} of stack {stack} failed:\n{reason}",
    safe: "What was done before the failure is kept in the stack's state.",
    next: "Correct what is named above and run the command again; it continues from there.",
  },
  QT7007: {
    what: "Another Pulumi operation on this stack is still running (process {pid}).",
    safe: "Nothing was changed.",
    next: "Wait for it to end, or end that process, and run the command again.",
  },
  QT7008: {
    what: "Pulumi's process for dynamic resources did not start.",
    safe: "Nothing was changed by this step.",
    next: "Restore node_modules/@pulumi/pulumi (`npm ci`), and run the command again.",
  },
  QT7009: {
    what: "The program declares two resources with the URN {urn}, one of them perhaps as an alias.",
    safe: "The first one was created; nothing was deleted.",
    next: "Give one of them another name in {program}.",
  },
  QT7010: {
    what: "{name} is not complete. {reason}",
    safe: "Nothing was created for it.",
    next: "In {program}, give the resource the inputs that are named above.",
  },
  QT7011: {
    what: "{subject} protected in stack {stack} and would have to be deleted.",
    safe: "Nothing protected was touched.",
    next: "First {unprotect} and run up, then run this again.",
  },
  QT7012: {
    what: "Without the Pulumi CLI the program cannot use {what}.",
    safe: "Nothing was changed by this step.",
    next: "First {installPulumi}, then run this again.",
  },
  QT7013: {
    what: "This environment was deployed by the Pulumi engine, which cannot be used now: {reason}.",
    safe: "The resources and their state are as they were.",
    next: "Install the Pulumi CLI (https://www.pulumi.com/docs/install/), or {reset}.",
  },
  QT7014: {
    what: "The Pulumi CLI could not be built from its Go modules (`{step}`):\n{reason}",
    safe: "Nothing was installed; the program can still run without the CLI.",
    next: "Install the Pulumi CLI (https://www.pulumi.com/docs/install/), or correct what Go reports and run again.",
  },
  QT7015: {
    what: "The Pulumi engine was requested but cannot be used: {reason}.",
    safe: "Nothing was changed.",
    next: "Install the Pulumi CLI (https://www.pulumi.com/docs/install/), or leave the choice of the engine to the command.",
  },
} as const satisfies ErrorCatalogue;
