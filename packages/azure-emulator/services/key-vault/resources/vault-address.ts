import type { LocalContext } from "../../../control-plane/local-service";

/** The port at which a vault answers. */
export function vaultPort(context: LocalContext, name: string): Promise<number> {
  return context.port(`vault ${name.toLowerCase()}`);
}

/**
 * A vault's address. Each vault has a port of its own, because the ids of its objects begin with the address, and clients read an id as
 * `https://<vault>/secrets/<name>/<version>` (parseKeyVaultIdentifier in @azure/keyvault-common, KeyVaultResourceId in Python).
 */
export async function vaultUri(context: LocalContext, name: string): Promise<string> {
  return `https://127.0.0.1:${await vaultPort(context, name)}/`;
}
