import type { TenantSettings } from "./config-schema";
import type { SqlAdmin } from "./sql";

/** The deployer, as azure-native knows it. */
export interface Deployer {
  readonly objectId: string;
  readonly clientId: string;
}

/** The application id of the Azure CLI (`az login`), the same in every directory. */
const AZURE_CLI = "04b07795-8ddb-461a-bbee-02f9e1bf7b46";

/** The database's administrator: as configured, otherwise the deployer, because the migration signs in as the deployer. */
export function sqlAdmin(configured: TenantSettings["sqlAdmin"], deployer: Deployer): SqlAdmin {
  if (configured) return configured;
  const isPerson = deployer.clientId.toLowerCase() === AZURE_CLI;
  return {
    login: isPerson ? "deployer" : `deployer-${deployer.clientId}`,
    objectId: deployer.objectId,
    principalType: isPerson ? "User" : "Application",
  };
}
