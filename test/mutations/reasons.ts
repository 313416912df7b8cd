import { azureResourceTypes } from "../../packages/azure-resource-types";
import { type Mutation, pathText } from "./mutation";

/** True if nothing in the emulator runs the resource: a chain cannot notice it. */
export function isPassive({ type }: Pick<Mutation, "type">): boolean {
  return azureResourceTypes.byToken(type)?.runs === "passive";
}

interface Reason {
  readonly reason: string;
  /** @param value what was there before */
  holds(mutation: Mutation, path: string, value: unknown): boolean;
}

/** Why a mutation may survive, the first that holds. */
const reasons: readonly Reason[] = [
  {
    reason: "part of another resource: it cannot be deleted, and stays as it is",
    holds: ({ kind, type }) =>
      kind === "removed resource" && azureResourceTypes.byToken(type)?.neverDeleted === true,
  },
  {
    reason: "case: the names of Azure's resources know none",
    holds: (mutation, _, value) =>
      "value" in mutation && String(mutation.value).toLowerCase() === String(value).toLowerCase(),
  },
  {
    reason: "a name in the body beside that in the address, by which Azure goes",
    holds: ({ type }, path) => type.includes(":automation:") && path === "name",
  },
  {
    reason: "the daily run's clock: the event needs none, and the run itself succeeded",
    holds: ({ type, name }) => type.endsWith(":Trigger") || name.endsWith("-started"),
  },
  {
    reason: "an address: every client of the emulator is this machine",
    holds: ({ type }) => type.endsWith(":FirewallRule"),
  },
  {
    reason: "a default: what the service takes if it is left out",
    holds: ({ kind }, path) =>
      kind === "dropped property" &&
      /(firstRowOnly|logProgress|logVerbose|storedProcedureParameters\.\w+\.type)$/.test(path),
  },
  {
    reason: "the storage of Azure's own Functions host: the emulator's keeps nothing there",
    holds: (_, path) => path.includes("AzureWebJobsStorage"),
  },
  {
    reason: "needed by the next upload only: the code is there already",
    holds: ({ type }) => type.endsWith(":BlobContainer"),
  },
  {
    reason: "text for people: a description, a display name, a folder, a tag",
    holds: (_, path) =>
      /(^|\.)(description|displayName|roleName|folder|annotations|tags|contentType|groupShortName|userProperties)(\W|$)/.test(
        path,
      ),
  },
  {
    reason: "watching: another value with which everything is still told, to the same people",
    holds: ({ type, kind }) =>
      kind !== "removed resource" &&
      /:(monitor|operationalinsights|applicationinsights|consumption):/.test(
        `${type}`.replace("azure-native", ""),
      ),
  },
  {
    reason: "size, cost or patience: another value that Azure takes",
    holds: (_, path) =>
      /(sku|capacity|autoPauseDelay|minCapacity|maxSize|retentionDays|RetentionInDays|timeout|retry|interval|instanceMemoryMB|maximumInstanceCount|concurrency|queryTimeout|dataIntegrationUnits|requestTimeout|waitTimeInSeconds|backupRedundancy|zoneRedundant)/i.test(
        path,
      ),
  },
  {
    reason:
      "security: it opens or records more than the chain needs; no policy of the sample set is about it",
    holds: (mutation, path) =>
      mutation.kind !== "removed resource" &&
      /(secure(Input|Output)|publicNetworkAccess|azureADOnly|disableLocalAuth|isEncrypted|encrypt|publicAccess|allow|ftp|enabledFor|https|tls)/i.test(
        path,
      ),
  },
];

/** Why nothing noticed it; undefined if there is no reason yet. */
export function survivalReason(mutation: Mutation, value?: unknown): string | undefined {
  const path = "path" in mutation ? pathText(mutation.path) : "";
  const found = reasons.find(({ holds }) => holds(mutation, path, value));
  if (found !== undefined) return found.reason;
  return isPassive(mutation) ? "passive: the emulator keeps it, and nothing runs it" : undefined;
}
