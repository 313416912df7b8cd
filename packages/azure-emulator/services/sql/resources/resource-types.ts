import type { PutRequest, ResourceType } from "../../../control-plane/local-service";
import {
  type ArmBody,
  type ArmResource,
  parentId,
  type ResourceStore,
} from "../../../control-plane/resource";
import type { SqlBackend } from "../sql-backend";
import { requireEmptyDatabase } from "./create-mode";
import { type LogicalServers, serverType } from "./logical-servers";

/** The resource types of Microsoft.Sql. */
export function sqlResourceTypes(
  resources: Pick<ResourceStore, "get" | "set">,
  servers: LogicalServers,
  backend: SqlBackend,
): ResourceType[] {
  return [
    {
      type: serverType,
      put: ({ id, body }) => putServer(servers, backend, id, body),
      stored: (server) => keepSignInRule(resources, server),
      delete: ({ id }) => servers.remove(id),
    },
    {
      type: `${serverType}/databases`,
      put: (request) => {
        requireEmptyDatabase(resources, request);
        return putDatabase(backend, request);
      },
      delete: ({ id, name }) => backend.drop(serverOf(id), name),
    },
    // Everybody on this machine can reach a loopback port; the rules only have to exist.
    { type: `${serverType}/firewallRules` },
  ];
}

async function putServer(
  servers: LogicalServers,
  backend: SqlBackend,
  id: string,
  body: ArmBody,
): Promise<ArmBody> {
  const [port] = await Promise.all([servers.ensure(id), backend.start()]);
  return {
    properties: {
      version: "12.0",
      publicNetworkAccess: "Enabled",
      ...body.properties,
      state: "Ready",
      // SQL Server's notation for a port; Azure returns a host name.
      fullyQualifiedDomainName: `127.0.0.1,${port}`,
    },
  };
}

/**
 * Whether only Entra's logins may sign in is a resource of its own, which comes with the server and changes by itself afterwards.
 * Source: learn.microsoft.com/rest/api/sql/server-azure-ad-only-authentications.
 */
async function keepSignInRule(
  resources: Pick<ResourceStore, "get" | "set">,
  { id, systemData, properties: { administrators } }: ArmResource,
): Promise<void> {
  const { azureADOnlyAuthentication } = (administrators ?? {}) as Readonly<Record<string, unknown>>;
  const type = `${serverType}/azureADOnlyAuthentications`;
  const rule = `${id}/azureADOnlyAuthentications/Default`;
  if (azureADOnlyAuthentication === undefined || resources.get(rule) !== undefined) return;
  const properties = { azureADOnlyAuthentication };
  await resources.set({ id: rule, type, name: "Default", ...(systemData && { systemData }), properties });
}

async function putDatabase(backend: SqlBackend, { id, name, body }: PutRequest): Promise<ArmBody> {
  await backend.ensure(serverOf(id), name);
  return {
    properties: {
      collation: "SQL_Latin1_General_CP1_CI_AS",
      catalogCollation: "SQL_Latin1_General_CP1_CI_AS",
      ...body.properties,
      status: "Online",
    },
  };
}

function serverOf(databaseId: string): string {
  return parentId(databaseId).split("/").at(-1) ?? "";
}
