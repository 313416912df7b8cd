import type { ErrorCatalogue } from "../../kit/errors/error-entry";

export const controlPlaneErrors = {
  QT6001: {
    what: "The emulator does not run resources of type {type} (resource {id}).",
    safe: "Nothing was created; other resources are as they were.",
    next: "If the type only has to exist, describe it in packages/azure-resource-types/types/ as passive; else deploy to Azure with `pulumi up -s <stack>`.",
  },
  QT6002: {
    what: "The emulator's journal of resources cannot be read: {file}, line {line}, is not JSON.",
    safe: "Nothing was changed; the databases are in other files.",
    next: "Repair the line, or {reset}. Then {start}.",
  },
  QT6003: {
    what: "The emulator of folder {folder} was closed, so nothing more is written there.",
    safe: "Every acknowledged change is on disk.",
    next: "To continue, {start}.",
  },
  QT6004: {
    what: "Process {pid} already runs an emulator on folder {folder}.",
    safe: "Nothing was read or written.",
    next: "Stop that process, or {otherFolder}.",
  },
  QT6005: {
    what: "The policy file {file} cannot be used: {reason}.",
    safe: "Nothing was started or deployed.",
    next: "Correct the file, or take the definition out of it. packages/azure-emulator/docs/policy.md says what is evaluated, and has an example.",
  },
  QT6006: {
    what: "In API version {version} the bodies of {type} have another form than the emulator knows.",
    safe: "Nothing was read or changed.",
    next: "Send an API version of {since} or later; azure-native sends {usual}.",
  },
  QT6170: {
    what: "The emulator cannot evaluate the condition of a role assignment at `{place}`. The condition is: {condition}",
    safe: "Nothing was assigned.",
    next: "Use what it evaluates: ActionMatches, the attributes RoleDefinitionId, PrincipalId and PrincipalType of role assignments, `!`, AND, OR and parentheses. Or leave the condition out here.",
  },
} as const satisfies ErrorCatalogue;
