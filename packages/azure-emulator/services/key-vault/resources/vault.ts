import { ArmError } from "../../../control-plane/arm-error";
import type { LocalContext, PutRequest, ResourceType } from "../../../control-plane/local-service";
import { sameId } from "../../../control-plane/resource-id";

export const VAULT_TYPE = "Microsoft.KeyVault/vaults";

/**
 * A vault. It supports only roles; access policies are refused. Deleting a vault removes it and its secrets at once, as if it had been
 * purged. Azure would keep the vault and its name for `softDeleteRetentionInDays`, which does not suit an emulator that is often
 * destroyed and deployed again. Purge protection is kept as a setting; as in Azure, it cannot be switched off again.
 */
export function vaultType(context: LocalContext): ResourceType {
  return {
    type: VAULT_TYPE,
    async put(request) {
      const { name, body, existing } = request;
      const wanted = body.properties ?? {};
      requireValidName(name);
      requireUniqueName(context, request);
      if (wanted.enableRbacAuthorization !== true) {
        throw new ArmError(
          400,
          "BadRequest",
          `Vault '${name}' must set enableRbacAuthorization: the emulator has no access policies.`,
        );
      }
      if (existing?.properties.enablePurgeProtection === true && wanted.enablePurgeProtection !== true) {
        throw new ArmError(
          400,
          "BadRequest",
          'The property "enablePurgeProtection" cannot be set to false once it was enabled.',
        );
      }
      return {
        properties: {
          softDeleteRetentionInDays: 90,
          enableSoftDelete: true,
          publicNetworkAccess: "Enabled",
          ...wanted,
          tenantId: context.tenantId,
          vaultUri: vaultUri(context, name),
          provisioningState: "Succeeded",
        },
      };
    },
  };
}

export function vaultUri(context: LocalContext, name: string): string {
  return `${context.httpsUrl}/keyvault/${name}/`;
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
