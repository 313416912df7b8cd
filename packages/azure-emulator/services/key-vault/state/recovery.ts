import type { ArmResource } from "../../../control-plane/resource";
import type { Deletion } from "./deletion";

const DAY = 24 * 60 * 60;
const LONGEST = 90;

export function retentionDays({ properties }: Pick<ArmResource, "properties">): number {
  return typeof properties.softDeleteRetentionInDays === "number"
    ? properties.softDeleteRetentionInDays
    : LONGEST;
}

export function isPurgeProtected({ properties }: Pick<ArmResource, "properties">): boolean {
  return properties.enablePurgeProtection === true;
}

/** From now until the vault's retention ends. */
export function deletionNow(vault: Pick<ArmResource, "properties">): Deletion {
  const deletedDate = Math.floor(Date.now() / 1000);
  return { deletedDate, scheduledPurgeDate: deletedDate + retentionDays(vault) * DAY };
}

/**
 * What an object's attributes say about its deletion.
 * Source: Azure/azure-rest-api-specs, specification/keyvault/data-plane/Secrets, DeletionRecoveryLevel.
 */
export function recoveryAttributes(vault: Pick<ArmResource, "properties">) {
  const days = retentionDays(vault);
  const level = `${days < LONGEST ? "CustomizedRecoverable" : "Recoverable"}${isPurgeProtected(vault) ? "" : "+Purgeable"}`;
  return { recoveryLevel: level, recoverableDays: days };
}
