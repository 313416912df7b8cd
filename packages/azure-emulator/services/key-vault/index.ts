import type { LocalContext, LocalService } from "../../control-plane/local-service";
import { secretsApi } from "./data-plane/secrets-api";
import { secretType } from "./resources/secret";
import { vaultType } from "./resources/vault";

/** Key Vault: vaults and secrets through Resource Manager, and the secrets' data plane at `/keyvault/<vault>/`. */
export function createKeyVaultService(context: LocalContext): LocalService {
  return {
    name: "key-vault",
    resourceTypes: [vaultType(context), secretType(context)],
    routes: (app) => secretsApi(app, context),
  };
}
