import type { PutRequest, ResourceType } from "../../../control-plane/local-service";
import { type ArmBody, parentId, type ResourceStore } from "../../../control-plane/resource";
import type { SqlBackend } from "../sql-backend";
import { addAdministrator, administratorTypes, keptAdministrators } from "./administrators";
import { addAuditing, auditingResourceType } from "./auditing";
import { sourceOfCopy } from "./create-mode";
import { type DatabaseNeighbours, databaseOutputs } from "./database-outputs";
import { requireSoldSize } from "./database-size";
import { elasticPoolType, poolOf } from "./elastic-pools";
import { type LogicalServers, serverType } from "./logical-servers";

/** The resource types of Microsoft.Sql. */
export function sqlResourceTypes(
  resources: Pick<ResourceStore, "get" | "set" | "list">,
  servers: LogicalServers,
  backend: SqlBackend,
): ResourceType[] {
  return [
    {
      type: serverType,
      put: (request) => putServer(resources, servers, backend, request),
      stored: async (server) => {
        await addAdministrator(resources, server);
        await addAuditing(resources, server);
      },
      delete: ({ id }) => servers.remove(id),
    },
    {
      type: `${serverType}/databases`,
      put: (request) => {
        const source = sourceOfCopy(resources, request, backend.copy !== undefined);
        requireSoldSize(request.body);
        return putDatabase(backend, request, { pool: poolOf(resources, request), source });
      },
      delete: ({ id, name }) => backend.drop(serverOf(id), name),
    },
    elasticPoolType(resources),
    ...administratorTypes(resources),
    auditingResourceType,
    // Everybody on this machine can reach a loopback port; the rules only have to exist.
    { type: `${serverType}/firewallRules` },
    { type: `${serverType}/virtualNetworkRules` },
  ];
}

async function putServer(
  resources: Pick<ResourceStore, "get">,
  servers: LogicalServers,
  backend: SqlBackend,
  request: PutRequest,
): Promise<ArmBody> {
  const kept = keptAdministrators(resources, request);
  const [port] = await Promise.all([servers.ensure(request.id), backend.start()]);
  return {
    kind: "v12.0",
    properties: {
      version: "12.0",
      publicNetworkAccess: "Enabled",
      restrictOutboundNetworkAccess: "Disabled",
      ...request.body.properties,
      ...kept,
      state: "Ready",
      externalGovernanceStatus: "Disabled",
      workspaceFeature: "Disconnected",
      privateEndpointConnections: [],
      // SQL Server's notation for a port; Azure returns a host name.
      fullyQualifiedDomainName: `127.0.0.1,${port}`,
    },
  };
}

async function putDatabase(
  backend: SqlBackend,
  request: PutRequest,
  neighbours: DatabaseNeighbours,
): Promise<ArmBody> {
  const server = serverOf(request.id);
  const { source } = neighbours;
  if (source === undefined) await backend.ensure(server, request.name);
  else await backend.copy?.({ server: serverOf(source.id), database: source.name }, server, request.name);
  return databaseOutputs(request, neighbours);
}

function serverOf(databaseId: string): string {
  return parentId(databaseId).split("/").at(-1) ?? "";
}
