import { ClientSecretCredential } from "@azure/identity";
import { httpsCall } from "../../packages/azure-emulator/control-plane/https-call";
import { startOwnEmulator } from "./support/target";

/** The whole emulator as a client meets it: an address, a CA, a login with every role, and an empty resource group. */
export interface ClientEmulator {
  readonly armUrl: string;
  readonly subscriptionId: string;
  readonly tenantId: string;
  readonly group: string;
  readonly ca: string;
  /** Signs in over HTTP, as users do. */
  readonly credential: ClientSecretCredential;
  /** Makes a resource in the group and returns it as GET shows it. @param path below `providers/` */
  // biome-ignore lint/suspicious/noExplicitAny: suites look into resources of every type
  create(path: string, apiVersion: string, body: object): Promise<any>;
  stop(): Promise<void>;
}

/** Roles of the data planes, which an Owner does not have: Key Vault Administrator, Storage Blob Data Owner. */
const ROLES = ["00482a5a-887f-4fb3-b363-3b7fe8e74483", "b7e6dc6d-f1e8-4753-8033-0f276bb0955b"];

export async function startClientEmulator(): Promise<ClientEmulator> {
  const { context, stop } = await startOwnEmulator();
  const { httpsUrl, subscriptionId, tenantId, certificates, principals } = context;
  const { clientId, secret, objectId: principalId } = principals.deployer;
  const credential = new ClientSecretCredential(tenantId, clientId, secret, {
    authorityHost: httpsUrl,
    disableInstanceDiscovery: true,
  });
  const group = "rg-clients";
  const groupPath = `/subscriptions/${subscriptionId}/resourceGroups/${group}`;
  const arm = async (method: string, path: string, apiVersion: string, body?: object) => {
    const { token } = await credential.getToken("https://management.azure.com/.default");
    const { status, body: answer } = await httpsCall(
      `${httpsUrl}${path}?api-version=${apiVersion}`,
      certificates.ca,
      {
        method,
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      },
    );
    if (status >= 300) throw new Error(`${method} ${path}: ${status} ${answer}`);
    return answer.length === 0 ? undefined : JSON.parse(answer.toString());
  };
  await arm("PUT", groupPath, "2024-03-01", { location: "westeurope" });
  for (const role of ROLES) {
    const roleDefinitionId = `/subscriptions/${subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/${role}`;
    const path = `${groupPath}/providers/Microsoft.Authorization/roleAssignments/${crypto.randomUUID()}`;
    await arm("PUT", path, "2022-04-01", { properties: { roleDefinitionId, principalId } });
  }
  return {
    armUrl: httpsUrl,
    subscriptionId,
    tenantId,
    group,
    ca: certificates.ca,
    credential,
    async create(path, apiVersion, body) {
      const id = `${groupPath}/providers/${path}`;
      await arm("PUT", id, apiVersion, body);
      return arm("GET", id, apiVersion);
    },
    stop,
  };
}

/** A name that nothing has yet. */
export function fresh(prefix: string): string {
  return `${prefix}${crypto.randomUUID().slice(0, 8)}`;
}

/** Everything that a list of a client yields. */
export async function all<T>(list: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of list) found.push(item);
  return found;
}

/** A storage account with a fresh name. @returns its endpoint for blobs */
export async function createAccount(emulator: ClientEmulator): Promise<string> {
  const account = await emulator.create(`Microsoft.Storage/storageAccounts/${fresh("st")}`, "2024-01-01", {
    location: "westeurope",
    kind: "StorageV2",
    sku: { name: "Standard_LRS" },
  });
  return account.properties.primaryEndpoints.blob;
}

/** A vault with a fresh name. @returns its address */
export async function createVault({ create, tenantId }: ClientEmulator): Promise<string> {
  const vault = await create(`Microsoft.KeyVault/vaults/${fresh("kv-")}`, "2024-11-01", {
    location: "westeurope",
    properties: { tenantId, sku: { family: "A", name: "standard" }, enableRbacAuthorization: true },
  });
  return vault.properties.vaultUri;
}
