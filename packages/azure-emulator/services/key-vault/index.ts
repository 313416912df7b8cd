import type { LocalContext, LocalService } from "../../control-plane/local-service";
import { secretType } from "./secret";
import { secretsApi } from "./secrets-api";
import { vaultType } from "./vault";

/** Key Vault: vaults and secrets through Resource Manager, and the secrets' data plane at `/keyvault/<vault>/`. */
export function createKeyVaultService(context: LocalContext): LocalService {
  return {
    name: "key-vault",
    resourceTypes: [vaultType(context), secretType(context)],
    routes: (app) => secretsApi(app, context),
  };
}
