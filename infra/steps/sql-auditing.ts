import { QtError } from "../../errors/qt-error";
import { liveProperties, type Properties, putProperties } from "./sql-properties";
import type { StepDefinition } from "./step-definition";

export interface SqlAuditingInputs {
  readonly serverId: string;
  /** The groups of actions that the audit records. */
  readonly groups: readonly string[];
}

/**
 * Has a server send its audit to Azure Monitor; a diagnostic setting of the database `master` says to which workspace. azure-native
 * cannot declare it: Azure makes it with the server, and its create refuses one that a policy or a person has enabled (docs/sources.md,
 * "Azure SQL"). It goes with the server.
 */
export const sqlAuditing: StepDefinition<SqlAuditingInputs, Readonly<Record<string, never>>> = {
  replaceOn: ["serverId"],
  async ensure({ serverId, groups }, azure) {
    const id = auditingOf(serverId);
    const live = await liveProperties(azure, id);
    if (isWanted(live, groups)) return { result: {} };
    // A PUT would end it, and nobody would notice until the day that somebody needs it.
    if (live?.state === "Enabled" && live.storageEndpoint)
      throw new QtError("QT1250", { server: serverId, target: String(live.storageEndpoint) });
    await putProperties(azure, id, {
      state: "Enabled",
      isAzureMonitorTargetEnabled: true,
      auditActionsAndGroups: groups,
    });
    return { result: {} };
  },
  async read(inputs, azure) {
    const live = await liveProperties(azure, auditingOf(inputs.serverId));
    if (live === undefined) return undefined;
    return isWanted(live, inputs.groups) ? inputs : { ...inputs, groups: isOn(live) ? groupsOf(live) : [] };
  },
  /** Switches off what it switched on, and leaves what others made of it since. */
  async remove({ serverId, groups }, azure) {
    const id = auditingOf(serverId);
    if (isWanted(await liveProperties(azure, id), groups))
      await putProperties(azure, id, { state: "Disabled" });
  },
};

const auditingOf = (serverId: string) => `${serverId}/auditingSettings/default`;

function isOn(live: Properties): boolean {
  return live.state === "Enabled" && live.isAzureMonitorTargetEnabled === true;
}

function isWanted(live: Properties | undefined, groups: readonly string[]): boolean {
  if (live === undefined || !isOn(live)) return false;
  return [...groupsOf(live)].sort().join() === [...groups].sort().join();
}

function groupsOf({ auditActionsAndGroups }: Properties): readonly string[] {
  return (auditActionsAndGroups ?? []) as readonly string[];
}
