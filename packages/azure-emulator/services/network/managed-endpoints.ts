import { stableGuid } from "../../../kit/stable-guid";
import type { ResourceType } from "../../control-plane/local-service";
import {
  type ConnectionState,
  connect,
  connectionOf,
  stateOf,
} from "../../control-plane/network/connections";
import { managedEndpointId } from "../../control-plane/network/reach";
import { type ArmResource, parentId, type ResourceStore, sameId } from "../../control-plane/resource";
import { armRules, refusal } from "../../control-plane/rules/azure-rule";
import { requireGroup } from "./private-endpoint";
import { requireReferenced } from "./references";

const NETWORK_TYPE = "Microsoft.DataFactory/factories/managedVirtualNetworks";
const ENDPOINT_TYPE = `${NETWORK_TYPE}/managedPrivateEndpoints`;

const PAGE = "https://learn.microsoft.com/azure/data-factory/managed-virtual-network-private-endpoint";

export const managedNetworkRules = armRules("Managed virtual networks of a factory", {
  name: {
    what: "A factory's managed virtual network is named `default`.",
    source: `${PAGE}; https://github.com/hashicorp/terraform-provider-azurerm (internal/services/datafactory/data_factory_resource.go: managedVirtualNetworkName)`,
    answer: { status: 400, code: "BadRequest" },
    test: ["services/network/managed-network.itest.ts", "is named default"],
  },
  pending: {
    what: "A managed private endpoint waits until the target's owner approves it, whoever made it; before that it carries nothing.",
    source: `${PAGE}#managed-private-endpoints; https://github.com/hashicorp/terraform-provider-azurerm/issues/19777`,
    answer: { status: 200, code: "Pending" },
    test: [
      "services/network/managed-network.itest.ts",
      "reaches a closed server only once the endpoint is approved",
    ],
  },
});

/** A factory's managed network and the endpoints in it. */
export function managedNetworkTypes(resources: ResourceStore): readonly ResourceType[] {
  return [
    {
      type: NETWORK_TYPE,
      async put({ id, name }) {
        if (!sameId(name, "default"))
          throw refusal(
            managedNetworkRules.rules.name,
            `The managed virtual network '${name}' is invalid: its name must be 'default'.`,
          );
        return {
          properties: {
            vNetId: stableGuid(`managed ${id.toLowerCase()}`),
            alias: parentId(id).split("/").at(-1),
          },
        };
      },
    },
    {
      type: ENDPOINT_TYPE,
      async put({ id, name, body, existing }) {
        const target = targetOf(resources, id, body.properties);
        requireGroup(target, String(body.properties?.groupId ?? ""));
        const connection = connectionOf(resources, target, managedEndpointId(parentId(id), name));
        return {
          properties: {
            provisioningState: "Succeeded",
            isReserved: false,
            fqdns: body.properties?.fqdns ?? existing?.properties.fqdns ?? [],
            connectionState: connection?.properties.privateLinkServiceConnectionState ?? PENDING,
          },
        };
      },
      async stored({ id, name, properties }) {
        const target = targetOf(resources, id, properties);
        const endpointId = managedEndpointId(parentId(id), name);
        await connect(resources, { target, groupId: String(properties.groupId), endpointId, state: PENDING });
      },
      async delete({ id, name, properties }) {
        const target = resources.get(String(properties.privateLinkResourceId));
        const connection = target && connectionOf(resources, target, managedEndpointId(parentId(id), name));
        if (connection !== undefined) await resources.remove(connection.id);
      },
    },
  ];
}

const PENDING = stateOf("Pending", "");

function targetOf(
  resources: ResourceStore,
  id: string,
  properties: ArmResource["properties"] | undefined,
): ArmResource {
  return requireReferenced(resources, String(properties?.privateLinkResourceId ?? ""), id);
}

/** Shows a target's answer at the managed endpoint of this id, if there is one. */
export async function showManagedAnswer(
  resources: ResourceStore,
  endpointId: string,
  targetId: string,
  state: ConnectionState,
): Promise<void> {
  const endpoint = resources
    .list({ type: ENDPOINT_TYPE })
    .find(
      ({ id, name, properties }) =>
        sameId(managedEndpointId(parentId(id), name), endpointId) &&
        sameId(String(properties.privateLinkResourceId), targetId),
    );
  if (endpoint === undefined) return;
  await resources.set({ ...endpoint, properties: { ...endpoint.properties, connectionState: state } });
}
