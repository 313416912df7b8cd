import type { FastifyInstance } from "fastify";
import { GRAPH_PATH } from "./audiences";
import type { LocalContext } from "./local-service";

/**
 * The first thing that clients ask a cloud (api-version 2022-09-01, one object): where to sign in and where Resource Manager is.
 * Suffixes and audiences are those of public Azure, so that clients request tokens for the same audiences as there.
 */
export function metadataApi(context: LocalContext) {
  return async (app: FastifyInstance): Promise<void> => {
    app.get("/metadata/endpoints", async () => ({
      name: "AzureLocal",
      portal: `${context.httpsUrl}/`,
      authentication: {
        loginEndpoint: context.httpsUrl,
        audiences: ["https://management.core.windows.net/", "https://management.azure.com/"],
        tenant: context.tenantId,
        identityProvider: "AAD",
      },
      graph: context.httpsUrl,
      microsoftGraphResourceId: `${context.httpsUrl}${GRAPH_PATH}/`,
      resourceManager: context.httpsUrl,
      media: "https://rest.media.azure.net",
      gallery: "https://gallery.azure.com/",
      sqlManagement: "https://management.core.windows.net:8443/",
      suffixes: {
        sqlServerHostname: "database.windows.net",
        keyVaultDns: "vault.azure.net",
        storage: "core.windows.net",
        acrLoginServer: "azurecr.io",
      },
    }));
  };
}
