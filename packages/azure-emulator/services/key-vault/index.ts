import { join } from "node:path";
import type { LocalContext, LocalService } from "../../control-plane/local-service";
import { VaultDoors } from "./data-plane/vault-doors";
import { SECRET_TYPE, secretProperties, secretType, versionsOf } from "./resources/secret";
import { VAULT_TYPE, vaultType } from "./resources/vault";
import { vaultUri } from "./resources/vault-address";
import { deletedVaultRoutes } from "./rest/deleted-vault-routes";
import { VaultState } from "./state/vault-state";

/** Key Vault: vaults and secrets through Resource Manager, and secrets and keys at a port of each vault. */
export function createKeyVaultService(context: LocalContext): LocalService {
  const state = new VaultState(join(context.folder, "key-vault", "state.json"));
  const doors = new VaultDoors(context, state);
  return {
    name: "key-vault",
    resourceTypes: [vaultType(context, state, doors), secretType(context, state)],
    armRoutes: deletedVaultRoutes(context, state),
    routes: (app) => doors.answerAtGateway(app),
    async start() {
      await keepAddresses(context);
      for (const vault of context.resources.list({ type: VAULT_TYPE })) await doors.open(vault);
    },
    stop: () => doors.closeAll(),
  };
}

/** Another process may have taken a vault's port since the last start: then the addresses change. */
async function keepAddresses(context: LocalContext): Promise<void> {
  const { resources } = context;
  for (const vault of resources.list({ type: VAULT_TYPE })) {
    const uri = await vaultUri(context, vault.name);
    if (vault.properties.vaultUri === uri) continue;
    await resources.set({ ...vault, properties: { ...vault.properties, vaultUri: uri } });
    for (const secret of resources.list({ type: SECRET_TYPE, under: vault.id })) {
      await resources.set({ ...secret, properties: secretProperties(uri, secret.name, versionsOf(secret)) });
    }
  }
}
