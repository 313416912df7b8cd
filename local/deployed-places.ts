import type { LocalContext } from "../packages/azure-emulator/control-plane/local-service";
import type { ArmResource } from "../packages/azure-emulator/control-plane/resource";
import type { Environment } from "./environment";

/** Where a stack's services answer. */
interface DeployedPlaces extends Pick<Environment, "keyVault" | "storage"> {
  readonly sql: Pick<Environment["sql"], "serverName" | "host" | "port" | "database">;
  readonly factoryId: string;
  readonly app: Pick<Environment["function"], "appName" | "baseUrl">;
}

/**
 * Reads the places of a stack's services from its resource group, which has one resource of each of these types.
 * @throws Error if one is missing: the program always deploys them.
 */
export function deployedPlaces(
  { resources, subscriptionId }: Pick<LocalContext, "resources" | "subscriptionId">,
  resourceGroup: string,
): DeployedPlaces {
  const under = `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}`;
  const one = (type: string): ArmResource => {
    const found = resources.list({ type, under })[0];
    if (found === undefined) throw new Error(`${resourceGroup} has no ${type}.`);
    return found;
  };
  const server = one("Microsoft.Sql/servers");
  // SQL Server's notation of an address: host,port.
  const [host = "", port] = String(server.properties.fullyQualifiedDomainName).split(",");
  const vault = one("Microsoft.KeyVault/vaults");
  const account = one("Microsoft.Storage/storageAccounts");
  const { blob } = account.properties.primaryEndpoints as { blob: string };
  const app = one("Microsoft.Web/sites");
  return {
    sql: {
      serverName: server.name,
      host,
      port: Number(port),
      database: nameOf(one("Microsoft.Sql/servers/databases")),
    },
    keyVault: { vaultName: vault.name, vaultUri: String(vault.properties.vaultUri) },
    storage: { accountName: account.name, blobEndpoint: blob },
    factoryId: one("Microsoft.DataFactory/factories").id,
    // Plain HTTP, as the function's URL.
    app: { appName: app.name, baseUrl: `http://${app.properties.defaultHostName}` },
  };
}

/** The last segment: some services name a nested resource with its parent. */
const nameOf = ({ id }: ArmResource) => id.slice(id.lastIndexOf("/") + 1);
