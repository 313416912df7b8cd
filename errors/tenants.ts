import type { ErrorCatalogue } from "../packages/kit/errors/error-entry";

export const tenantErrors = {
  QT9101: {
    what: "{name} cannot be a tenant's name: a name consists of letters, digits, hyphens and underscores, and begins with a letter or digit.",
    safe: "Nothing was written.",
    next: "Choose another name: npm run tenant -- new <name>",
  },
  QT9102: {
    what: "The tenant {name} already exists: {file}.",
    safe: "The file is as it was.",
    next: "Choose a name that differs in more than capitals, or edit {file} and run npm run tenant -- check {name}.",
  },
  QT9103: {
    what: "The new tenant {name} needs more settings, and there is no terminal to ask on. Missing: {flags}.",
    safe: "Nothing was written.",
    next: "Pass these, or run the same command on a terminal; npm run tenant -- new --help explains each.",
  },
  QT9104: {
    what: "The settings given for the tenant {name} have {count mistake(s)}:\n{mistakes}",
    safe: "Nothing was written.",
    next: "Correct them and run the same command again; npm run tenant -- new --help explains each.",
  },
  QT9105: {
    what: "The questions were cancelled.",
    safe: "Nothing was written or removed.",
    next: "Run the same command again.",
  },
  QT9106: {
    what: "There are mistakes in the configuration of {tenants}.",
    safe: "Nothing was changed.",
    next: "Correct each as its line above says, then run npm run tenant -- check --all.",
  },
  QT9107: {
    what: "The stack {name} still has resources.",
    safe: "Nothing was removed, neither the stack nor {file}.",
    next: "pulumi destroy -s {name}, then npm run tenant -- remove {name}",
  },
  QT9108: {
    what: "The stack {name} could not be removed: {reason}",
    safe: "{file} is as it was.",
    next: "Make `pulumi stack ls` work here (pulumi login), then run npm run tenant -- remove {name}.",
  },
  QT9109: {
    what: "Only Pulumi knows whether the stack {name} still has resources, and there is no Pulumi CLI here.",
    safe: "Nothing was removed.",
    next: "Install the Pulumi CLI and run npm run tenant -- remove {name}. If the stack never existed, delete {file}.",
  },
  QT9110: {
    what: "Removing the tenant {name} needs confirmation, and there is no terminal to ask on.",
    safe: "Nothing was removed.",
    next: "npm run tenant -- remove {name} --yes",
  },
  QT9111: {
    what: "Pulumi already has a stack {name}, although there was no {file}: with a new file, pulumi up would change what that stack deployed.",
    safe: "The stack is as it was, and nothing was written.",
    next: "Restore {file} from the history (git log -- {file}) or from the stack's last update (pulumi config refresh -s {name}). Otherwise choose another name, or remove the stack: pulumi destroy -s {name}, then pulumi stack rm {name}.",
  },
  QT9112: {
    what: "--secret-stdin was given for the tenant {name}, and there was no secret on standard input.",
    safe: "Nothing was written.",
    next: "Pass it as in: npm run tenant -- new {name} --secret-stdin < secret.txt; or set it later: --no-secret.",
  },
  QT9113: {
    what: "There is no tenant {name}; the tenants are: {known}.",
    safe: "Nothing was written or removed.",
    next: "Use one of these names: npm run tenant -- list",
  },
} as const satisfies ErrorCatalogue;
