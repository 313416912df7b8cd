import type { LocalContext, ResourceType } from "../../control-plane/local-service";
import { type ConnectionState, endpointOf } from "../../control-plane/network/connections";
import { privateLinkTypes } from "../../control-plane/network/private-link";
import type { ArmResource, ResourceStore } from "../../control-plane/resource";
import { parentId, sameId } from "../../control-plane/resource";
import { refusal } from "../../control-plane/rules/azure-rule";
import { writeNames } from "./dns-zone-group";
import { showManagedAnswer } from "./managed-endpoints";
import { networkRules } from "./network-rules";
import { showAnswer } from "./private-endpoint";

/** The connections of each service's private endpoints, by which its owner approves or rejects them. */
export function connectionTypes({ resources, access }: LocalContext): readonly ResourceType[] {
  return privateLinkTypes.map(({ type }) => ({
    type: `${type}/privateEndpointConnections`,
    async put({ id, body, existing, principal }) {
      if (existing === undefined)
        throw refusal(
          networkRules.rules.connections,
          `The private endpoint connection '${id}' was not found.`,
        );
      access.require(principal, `${type}/privateEndpointConnectionsApproval/action`, parentId(id));
      return { properties: answered(existing.properties, body.properties ?? {}) };
    },
    async stored(connection) {
      const state = connection.properties.privateLinkServiceConnectionState as ConnectionState;
      await tellEndpoint(resources, connection, state);
    },
    async delete(connection) {
      await tellEndpoint(resources, connection, {
        status: "Disconnected",
        description: "Disconnected",
        actionsRequired: "None",
      });
    },
  }));
}

/** The owner decides on the state; the endpoint and the group stay. */
function answered(
  before: ArmResource["properties"],
  now: ArmResource["properties"],
): ArmResource["properties"] {
  const state = {
    ...(before.privateLinkServiceConnectionState as ConnectionState),
    ...(now.privateLinkServiceConnectionState as Partial<ConnectionState> | undefined),
    actionsRequired: "None",
  };
  return { ...before, privateLinkServiceConnectionState: state };
}

async function tellEndpoint(
  resources: ResourceStore,
  connection: ArmResource,
  state: ConnectionState,
): Promise<void> {
  const endpointId = endpointOf(connection.properties);
  const targetId = parentId(connection.id);
  const endpoint = resources.get(endpointId);
  if (endpoint === undefined) {
    await showManagedAnswer(resources, endpointId, targetId, state);
    return;
  }
  await showAnswer(resources, endpoint, targetId, state);
  const now = resources.get(endpointId);
  if (now !== undefined && sameId(state.status, "Approved")) await writeNames(resources, now);
}
