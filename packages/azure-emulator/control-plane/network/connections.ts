import { stableGuid } from "../../../kit/stable-guid";
import type { ArmResource, ResourceStore } from "../resource";
import { sameId } from "../resource-id";

export type ConnectionStatus = "Approved" | "Pending" | "Rejected" | "Disconnected";

/** `privateLinkServiceConnectionState` of a connection and of its endpoint. */
export interface ConnectionState {
  readonly status: ConnectionStatus;
  readonly description: string;
  readonly actionsRequired: string;
}

/** A private endpoint's wish to be connected with a service. */
export interface Connection {
  /** The service's id and type. */
  readonly target: Pick<ArmResource, "id" | "type">;
  readonly groupId: string;
  /** The id of the endpoint as the service shows it. */
  readonly endpointId: string;
  readonly state: ConnectionState;
}

const CONNECTIONS = "privateEndpointConnections";

export function stateOf(status: ConnectionStatus, description: string): ConnectionState {
  return { status, description, actionsRequired: "None" };
}

/** The connection of an endpoint with a group of a service, if there is one. */
export function connectionOf(
  resources: ResourceStore,
  target: Pick<ArmResource, "id" | "type">,
  endpointId: string,
): ArmResource | undefined {
  return connectionsOf(resources, target).find(({ properties }) =>
    sameId(endpointOf(properties), endpointId),
  );
}

/** The connections of a service with endpoints. */
export function connectionsOf(
  resources: ResourceStore,
  { id, type }: Pick<ArmResource, "id" | "type">,
): ArmResource[] {
  return resources.list({ type: `${type}/${CONNECTIONS}`, under: id });
}

/** The endpoint's id. */
export function endpointOf(properties: ArmResource["properties"]): string {
  return String((properties.privateEndpoint as { readonly id?: unknown } | undefined)?.id ?? "");
}

export function statusOf(
  connection: Pick<ArmResource, "properties"> | undefined,
): ConnectionStatus | undefined {
  return (connection?.properties.privateLinkServiceConnectionState as ConnectionState | undefined)?.status;
}

export function groupIdsOf({ properties }: Pick<ArmResource, "properties">): readonly string[] {
  return Array.isArray(properties.groupIds) ? properties.groupIds.map(String) : [];
}

/** Makes the connection below the service, or leaves the one that there is. */
export async function connect(
  resources: ResourceStore,
  { target, groupId, endpointId, state }: Connection,
): Promise<void> {
  if (connectionOf(resources, target, endpointId) !== undefined) return;
  const name = `${endpointId.split("/").at(-1)}-${stableGuid(`${endpointId} ${target.id}`.toLowerCase())}`;
  await resources.set({
    id: `${target.id}/${CONNECTIONS}/${name}`,
    type: `${target.type}/${CONNECTIONS}`,
    name,
    properties: {
      privateEndpoint: { id: endpointId },
      privateLinkServiceConnectionState: state,
      groupIds: [groupId],
      provisioningState: target.type.toLowerCase() === "microsoft.sql/servers" ? "Ready" : "Succeeded",
    },
  });
}
