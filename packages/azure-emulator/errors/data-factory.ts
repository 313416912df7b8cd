import type { ErrorCatalogue } from "../../kit/errors/error-entry";

/** QT31 is a failed download, QT32 the runner. */
export const dataFactoryErrors = {
  QT3101: {
    what: "{source} refused the token (401).",
    safe: "Nothing was written; the table is as it was.",
    next: "Check {credentials}, then {runAgain}.",
  },
  QT3102: {
    what: "{source} does not let this client read what it asked for (403).",
    safe: "Nothing was written; the table is as it was.",
    next: "First {giveAccess}, then {runAgain}.",
  },
  QT3103: {
    what: "{source} has nothing at this address (404).",
    safe: "Nothing was written; the table is as it was.",
    next: "Check {whatIsAskedFor}.",
  },
  QT3104: {
    what: "{source} answered that there are too many requests (429).",
    safe: "Nothing was written; the table is as it was.",
    next: "Wait, then {runAgain}; lower `concurrency` of the pipeline if it happens often.",
  },
  QT3105: {
    what: "{source} failed to answer ({status}).",
    safe: "Nothing was written; the table is as it was.",
    next: "Later {runAgain}; if it persists, {askSupport}.",
  },
  QT3106: {
    what: "{source} answered {status}, which is not a download.",
    safe: "Nothing was written; the table is as it was.",
    next: "Check {sourceUrl}; if it is right, {askSupport}.",
  },
  QT3107: {
    what: "The download was cut off before its end, after {bytes} bytes.",
    safe: "Staged rows were rolled back; the table is as it was.",
    next: "Whatever the pipeline repeats is used up: {runAgain}.",
  },
  QT3108: {
    what: "{source} could not be reached or did not begin to answer in time.",
    safe: "Nothing was written; the table is as it was.",
    next: "Check {sourceUrl} and the network, then {runAgain}.",
  },
  QT3109: {
    what: "{source} sent no rows and no header, which this factory is set to refuse.",
    safe: "Nothing was written; the table is as it was.",
    next: "Check the data at the source; the switch is emptyBody in the emulator's services/data-factory/copy/azure-csv-behaviour.ts.",
  },
  QT3110: {
    what: "The pipeline {pipeline} was not started: {depth} runs in a row have started one another.",
    safe: "The runs that exist go on; this activity failed.",
    next: "A pipeline calls itself, alone or through others: give it an end, or raise MAX_DEPTH in the emulator's services/data-factory/run/runner.ts. Azure documents no such limit.",
  },
  QT3201: {
    what: "The factory {factory} has no system-assigned identity, so its activities cannot get a token.",
    safe: "Nothing was called.",
    next: 'Give the factory `identity: { type: "SystemAssigned" }` in {program}, then {deploy}.',
  },
} as const satisfies ErrorCatalogue;
