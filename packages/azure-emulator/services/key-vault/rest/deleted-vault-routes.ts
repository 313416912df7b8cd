import { ArmError } from "../../../control-plane/arm-error";
import type { ArmRequest, ArmRoute, LocalContext } from "../../../control-plane/local-service";
import { sameId } from "../../../control-plane/resource-id";
import { VAULT_TYPE } from "../resources/vault";
import { isPurgeProtected } from "../state/recovery";
import type { DeletedVault, VaultState } from "../state/vault-state";

const provider = "/providers/Microsoft.KeyVault";
const one = `${provider}/locations/:location/deletedVaults/:vault`;

/**
 * Deleted vaults: list, get, purge; deleted managed HSMs, of which there are none; and whether a name is free.
 * Source: Azure/azure-rest-api-specs, specification/keyvault/resource-manager/Microsoft.KeyVault, Vaults_ListDeleted and the others.
 */
export function deletedVaultRoutes(context: LocalContext, state: VaultState): readonly ArmRoute[] {
  const find = ({ params }: ArmRequest): DeletedVault => {
    const found = state
      .deletedVaults()
      .find(
        ({ vault }) => sameId(vault.name, params.vault ?? "") && sameRegion(vault.location, params.location),
      );
    if (found !== undefined) return found;
    throw new ArmError(404, "DeletedVaultNotFound", `The deleted vault '${params.vault}' was not found.`);
  };
  return [
    {
      level: "subscription",
      method: "GET",
      path: `${provider}/deletedVaults`,
      action: "Microsoft.KeyVault/deletedVaults/read",
      handle: async () => ({
        status: 200,
        body: { value: state.deletedVaults().map((deleted) => shown(context, deleted)), nextLink: null },
      }),
    },
    {
      level: "subscription",
      method: "GET",
      path: `${provider}/deletedManagedHSMs`,
      action: "Microsoft.KeyVault/deletedManagedHsms/read",
      // The emulator makes no managed HSM, but clients ask for both before they purge or recover a vault.
      handle: async () => ({ status: 200, body: { value: [], nextLink: null } }),
    },
    {
      level: "subscription",
      method: "GET",
      path: one,
      action: "Microsoft.KeyVault/locations/deletedVaults/read",
      handle: async (request) => ({ status: 200, body: shown(context, find(request)) }),
    },
    {
      level: "subscription",
      method: "POST",
      path: `${one}/purge`,
      action: "Microsoft.KeyVault/locations/deletedVaults/purge/action",
      async handle(request) {
        const { vault } = find(request);
        if (isPurgeProtected(vault)) {
          throw new ArmError(405, "MethodNotAllowed", 'Operation "DeletedVaultPurge" is not allowed.');
        }
        await state.purgeVault(vault.name);
        return { status: 200 };
      },
    },
    {
      level: "subscription",
      method: "POST",
      path: `${provider}/checkNameAvailability`,
      action: "Microsoft.KeyVault/checkNameAvailability/read",
      async handle({ body }) {
        const { name } = (body ?? {}) as { readonly name?: unknown };
        const same = (vault: { readonly name: string }) => sameId(vault.name, String(name));
        const taken =
          context.resources.list({ type: VAULT_TYPE }).some(same) ||
          state.deletedVaults().some(({ vault }) => same(vault));
        const message = `The vault name '${name}' is already in use.`;
        return {
          status: 200,
          body: taken ? { nameAvailable: false, reason: "AlreadyExists", message } : { nameAvailable: true },
        };
      },
    },
  ];
}

function shown({ subscriptionId }: LocalContext, { vault, deletedDate, scheduledPurgeDate }: DeletedVault) {
  const time = (seconds: number) => new Date(seconds * 1000).toISOString();
  return {
    id: `/subscriptions/${subscriptionId}/providers/Microsoft.KeyVault/locations/${vault.location}/deletedVaults/${vault.name}`,
    name: vault.name,
    type: "Microsoft.KeyVault/deletedVaults",
    properties: {
      vaultId: vault.id,
      location: vault.location,
      tags: vault.tags ?? {},
      deletionDate: time(deletedDate),
      scheduledPurgeDate: time(scheduledPurgeDate),
      ...(isPurgeProtected(vault) && { purgeProtectionEnabled: true }),
    },
  };
}

function sameRegion(a = "", b = ""): boolean {
  const plain = (region: string) => region.replaceAll(" ", "");
  return sameId(plain(a), plain(b));
}
