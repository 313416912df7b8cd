import type { LocalContext } from "../packages/azure-emulator/control-plane/local-service";
import type { ArmResource } from "../packages/azure-emulator/control-plane/resource";
import type { Environment } from "./environment";

/** Where a stack's services answer. */
interface DeployedPlaces extends Pick<Environment, "keyVault" | "storage"> {
  readonly sql: Pick<Environment["sql"], "serverName" | "host" | "port" | "database">;
  readonly factoryId: string;
  readonly app: Pick<Environment["function"], "appName" | "baseUrl">;
}

/** The resources that may be in another group than the tenant's, by name; one that is not named is in the tenant's. */
export interface NamedResources {
  readonly sqlServer?: string | undefined;
  readonly sqlDatabase?: string | undefined;
  readonly keyVault?: string | undefined;
}

/**
 * Reads the places of a stack's services from its resource group, which has one resource of each of these types, and from the resources
 * that it shares.
 * @throws Error if one is missing.
 */
export function deployedPlaces(
  { resources, subscriptionId }: Pick<LocalContext, "resources" | "subscriptionId">,
  resourceGroup: string,
  { sqlServer, sqlDatabase, keyVault }: NamedResources,
): DeployedPlaces {
  const group = `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}`;
  const one = (type: string, under: string | undefined = group, name?: string): ArmResource => {
    const all = resources.list({ type, ...(name === undefined ? { under } : {}) });
    const found = name === undefined ? all[0] : all.find((resource) => nameOf(resource) === name);
    if (found === undefined) throw new Error(`${name ?? under} has no ${type}.`);
    return found;
  };
  const server = one("Microsoft.Sql/servers", group, sqlServer);
  const databases = resources.list({ type: "Microsoft.Sql/servers/databases", under: server.id });
  const database = sqlDatabase ?? (databases[0] && nameOf(databases[0])) ?? "";
  // SQL Server's notation of an address: host,port.
  const [host = "", port] = String(server.properties.fullyQualifiedDomainName).split(",");
  const vault = one("Microsoft.KeyVault/vaults", group, keyVault);
  const account = one("Microsoft.Storage/storageAccounts");
  const { blob } = account.properties.primaryEndpoints as { blob: string };
  const app = one("Microsoft.Web/sites");
  return {
    sql: {
      serverName: server.name,
      host,
      port: Number(port),
      database,
    },
    keyVault: { vaultName: vault.name, vaultUri: String(vault.properties.vaultUri) },
    storage: { accountName: account.name, blobEndpoint: blob },
    factoryId: one("Microsoft.DataFactory/factories").id,
    // Plain HTTP, as the function's URL.
    app: { appName: app.name, baseUrl: `http://${app.properties.defaultHostName}` },
  };
}

/** The name of the server with that address, as the stack's output has it. */
export function serverWithHost(
  { resources }: Pick<LocalContext, "resources">,
  host: string,
): string | undefined {
  const servers = resources.list({ type: "Microsoft.Sql/servers" });
  return servers.find(({ properties }) => properties.fullyQualifiedDomainName === host)?.name;
}

/** The last segment: some services name a nested resource with its parent. */
const nameOf = ({ id }: ArmResource) => id.slice(id.lastIndexOf("/") + 1);
