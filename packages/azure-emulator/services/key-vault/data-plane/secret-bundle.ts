import type { ArmResource } from "../../../control-plane/resource";
import { type SecretVersion, versionsOf } from "../resources/secret";
import { recoveryAttributes } from "../state/recovery";
import type { DeletedSecret } from "../state/vault-state";
import type { VaultCall } from "./vault-call";

/** A secret without its value, as of one version. Source: Azure/azure-rest-api-specs, specification/keyvault/data-plane/Secrets, SecretBundle. */
export function secretBundle({ uri, vault }: VaultCall, name: string, version: SecretVersion) {
  const { contentType, tags } = version;
  return {
    ...(contentType !== undefined && { contentType }),
    id: `${uri}secrets/${name}/${version.version}`,
    attributes: { ...version.attributes, ...recoveryAttributes(vault) },
    ...(tags !== undefined && { tags }),
  };
}

/** An entry of the list of secrets: it has no version. */
export function secretItem(call: VaultCall, secret: ArmResource) {
  return { ...latestBundle(call, secret), id: `${call.uri}secrets/${secret.name}` };
}

/** A deleted secret, as of its last version. */
export function deletedBundle(call: VaultCall, { secret, deletedDate, scheduledPurgeDate }: DeletedSecret) {
  const recoveryId = `${call.uri}deletedsecrets/${secret.name}`;
  return { recoveryId, deletedDate, scheduledPurgeDate, ...latestBundle(call, secret) };
}

export function deletedItem(call: VaultCall, deleted: DeletedSecret) {
  return { ...deletedBundle(call, deleted), id: `${call.uri}secrets/${deleted.secret.name}` };
}

function latestBundle(call: VaultCall, secret: ArmResource) {
  const latest = versionsOf(secret).at(-1);
  if (latest === undefined) throw new Error(`The secret ${secret.id} has no version.`);
  return secretBundle(call, secret.name, latest);
}
