import type { TenantSettings } from "./config-schema";
import type { SqlAdmin } from "./sql";

/** Who deploys, as azure-native knows it. */
export interface Deployer {
  readonly objectId: string;
  readonly clientId: string;
}

/** The application that `az login` signs people in with, in every directory. */
const AZURE_CLI = "04b07795-8ddb-461a-bbee-02f9e1bf7b46";

/** The database's administrator: as configured, else whoever deploys, because the migration signs in as that one. */
export function sqlAdmin(configured: TenantSettings["sqlAdmin"], deployer: Deployer): SqlAdmin {
  if (configured) return configured;
  const isPerson = deployer.clientId.toLowerCase() === AZURE_CLI;
  return {
    login: isPerson ? "deployer" : `deployer-${deployer.clientId}`,
    objectId: deployer.objectId,
    principalType: isPerson ? "User" : "Application",
  };
}
