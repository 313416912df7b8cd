import { ArmError } from "../../../control-plane/arm-error";
import type { LocalContext, PutRequest, ResourceType } from "../../../control-plane/local-service";
import type { ArmResource } from "../../../control-plane/resource";
import { sameId } from "../../../control-plane/resource-id";
import { deletionNow } from "../state/recovery";
import type { DeletedVault, VaultState } from "../state/vault-state";
import { SECRET_TYPE } from "./secret";
import { vaultUri } from "./vault-address";

export const VAULT_TYPE = "Microsoft.KeyVault/vaults";

/** The part of the service that listens for vaults. */
export interface VaultListeners {
  open(vault: ArmResource): Promise<void>;
  close(name: string): Promise<void>;
}

/**
 * A vault. It supports only roles; access policies are refused. A deleted vault keeps its name and what it holds until its retention
 * ends, it is purged, or recovered by a PUT with `createMode: "recover"`.
 * Source: learn.microsoft.com/azure/key-vault/general/soft-delete-overview.
 */
export function vaultType(context: LocalContext, state: VaultState, listeners: VaultListeners): ResourceType {
  return {
    type: VAULT_TYPE,
    async put(request) {
      const { name, body } = request;
      requireValidName(name);
      requireUniqueName(context, request);
      const deleted = state.deletedVaults().find(({ vault }) => sameId(vault.name, name));
      if (/^recover$/i.test(String(body.properties?.createMode))) return recovered(request, deleted);
      if (deleted !== undefined && request.existing === undefined) throw nameIsKept();
      const properties = requireSettings(context, request);
      return { properties: { ...properties, vaultUri: await vaultUri(context, name) } };
    },
    async stored(vault) {
      const deleted = state.deletedVaults().find((other) => sameId(other.vault.id, vault.id));
      for (const secret of deleted?.secrets ?? []) await context.resources.set(secret);
      if (deleted !== undefined) await state.forgetDeletedVault(vault.name);
      await listeners.open(vault);
    },
    async deleting(vault) {
      const secrets = context.resources.list({ type: SECRET_TYPE, under: vault.id });
      await state.addDeletedVault({ vault, secrets, ...deletionNow(vault) });
    },
    delete: (vault) => listeners.close(vault.name),
  };
}

/** The settings, with Azure's own. @throws ArmError 400 for a change that Azure refuses */
function requireSettings(
  context: LocalContext,
  { name, body, existing }: PutRequest,
): Record<string, unknown> {
  const wanted = body.properties ?? {};
  if (wanted.enableRbacAuthorization !== true) {
    throw refused(`Vault '${name}' must set enableRbacAuthorization: the emulator has no access policies.`);
  }
  const before = existing?.properties;
  if (
    wanted.enablePurgeProtection === false ||
    (before?.enablePurgeProtection === true && !wanted.enablePurgeProtection)
  ) {
    throw refused(
      'The property "enablePurgeProtection" cannot be set to false. Enabling the purge protection for a vault is an irreversible action.',
    );
  }
  if (wanted.enableSoftDelete === false) {
    throw refused(
      'The property "enableSoftDelete" cannot be set to false: soft delete cannot be switched off.',
    );
  }
  const days = wanted.softDeleteRetentionInDays ?? before?.softDeleteRetentionInDays ?? 90;
  if (!Number.isInteger(days) || Number(days) < 7 || Number(days) > 90) {
    throw refused('The property "softDeleteRetentionInDays" must be between 7 and 90.');
  }
  if (before !== undefined && before.softDeleteRetentionInDays !== days) {
    throw refused('The property "softDeleteRetentionInDays" has been set already and it can\'t be modified.');
  }
  return {
    enableSoftDelete: true,
    publicNetworkAccess: "Enabled",
    ...wanted,
    softDeleteRetentionInDays: days,
    tenantId: context.tenantId,
    provisioningState: "Succeeded",
  };
}

/** The vault as it was. @throws ArmError 404 if there is none to recover */
function recovered({ id, name, existing }: PutRequest, deleted: DeletedVault | undefined) {
  if (deleted === undefined || existing !== undefined || !sameId(deleted.vault.id, id)) {
    throw new ArmError(404, "DeletedVaultNotFound", `The deleted vault '${name}' was not found.`);
  }
  const { id: _id, type: _type, name: _name, ...vault } = deleted.vault;
  return vault;
}

function refused(message: string): ArmError {
  return new ArmError(400, "BadRequest", message);
}

function nameIsKept(): ArmError {
  return new ArmError(
    409,
    "ConflictError",
    "A vault with the same name already exists in deleted state. You need to either recover or purge existing key vault.",
  );
}

function requireValidName(name: string): void {
  if (/^(?=.{3,24}$)[a-z](?!.*--)[a-z0-9-]*[a-z0-9]$/i.test(name)) return;
  throw new ArmError(
    400,
    "VaultNameNotValid",
    `The vault name '${name}' is invalid. A vault's name must be between 3-24 alphanumeric characters. The name must begin with a letter, end with a letter or digit, and not contain consecutive hyphens.`,
  );
}

/** A vault's name is part of its address, so it is unique across all groups. */
function requireUniqueName(context: LocalContext, { id, name }: PutRequest): void {
  const taken = context.resources
    .list({ type: VAULT_TYPE })
    .some((vault) => sameId(vault.name, name) && !sameId(vault.id, id));
  if (taken) throw new ArmError(409, "VaultAlreadyExists", `The vault name '${name}' is already in use.`);
}
