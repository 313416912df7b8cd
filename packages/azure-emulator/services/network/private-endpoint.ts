import { stableGuid } from "../../../kit/stable-guid";
import { requireAtLinked } from "../../control-plane/linked-access";
import {
  ArmError,
  type LocalContext,
  type PutRequest,
  type ResourceType,
} from "../../control-plane/local-service";
import { addressText, isIn, parseRange } from "../../control-plane/network/address-range";
import {
  type ConnectionState,
  connect,
  connectionOf,
  stateOf,
  statusOf,
} from "../../control-plane/network/connections";
import { groupOf, privateLinkOf } from "../../control-plane/network/private-link";
import { idOf, privateAddress } from "../../control-plane/network/reach";
import { type ArmResource, parentId, type ResourceStore, sameId } from "../../control-plane/resource";
import { refusal } from "../../control-plane/rules/azure-rule";
import { networkRules } from "./network-rules";
import { requireReferenced } from "./references";
import { prefixesOf, SUBNET_TYPE } from "./subnets";

export const ENDPOINT_TYPE = "Microsoft.Network/privateEndpoints";

/** A connection in an endpoint's body. */
export interface EndpointConnection {
  readonly name?: string;
  readonly properties?: {
    readonly privateLinkServiceId?: string;
    readonly groupIds?: readonly string[];
    readonly requestMessage?: string;
    readonly privateLinkServiceConnectionState?: ConnectionState;
  };
}

const KINDS = ["privateLinkServiceConnections", "manualPrivateLinkServiceConnections"] as const;

/** A private endpoint: an address in a subnet that leads to one group of one service, once the service has approved it. */
export function privateEndpointType(context: LocalContext): ResourceType {
  const { resources } = context;
  return {
    type: ENDPOINT_TYPE,
    internal: ["privateAddress"],
    async put(request) {
      const { id, body, existing } = request;
      const subnet = requireSubnet(resources, id, idOf(body.properties?.subnet));
      const address =
        (existing && privateAddress(existing)) ?? freeAddress(resources, subnet, body.properties);
      const lists = KINDS.map((kind) => [
        kind,
        connectionsIn(body.properties, kind).map((one) => shown(context, request, kind, one)),
      ]);
      return {
        properties: {
          ...Object.fromEntries(lists),
          privateAddress: address,
          customDnsConfigs: [],
          networkInterfaces: [{ id: networkInterface(id) }],
          provisioningState: "Succeeded",
        },
      };
    },
    async stored(endpoint) {
      for (const { target, groupId, state } of wishes(resources, endpoint))
        await connect(resources, { target, groupId, endpointId: endpoint.id, state });
    },
    async delete(endpoint) {
      for (const { target } of wishes(resources, endpoint)) {
        const connection = connectionOf(resources, target, endpoint.id);
        if (connection !== undefined) await resources.remove(connection.id);
      }
    },
  };
}

/** The connections of an endpoint with services that exist. */
export function wishes(resources: ResourceStore, { properties }: Pick<ArmResource, "properties">) {
  return KINDS.flatMap((kind) => connectionsIn(properties, kind)).flatMap((connection) => {
    const target = resources.get(connection.properties?.privateLinkServiceId ?? "");
    const state =
      connection.properties?.privateLinkServiceConnectionState ?? stateOf("Pending", "Awaiting Approval");
    return target === undefined
      ? []
      : (connection.properties?.groupIds ?? []).map((groupId) => ({ target, groupId, state }));
  });
}

/** Shows a service's answer at the endpoint. */
export async function showAnswer(
  resources: ResourceStore,
  endpoint: ArmResource,
  targetId: string,
  state: ConnectionState,
): Promise<void> {
  const lists = KINDS.map((kind) => [
    kind,
    connectionsIn(endpoint.properties, kind).map((one) =>
      sameId(one.properties?.privateLinkServiceId ?? "", targetId)
        ? { ...one, properties: { ...one.properties, privateLinkServiceConnectionState: state } }
        : one,
    ),
  ]);
  await resources.set({
    ...endpoint,
    properties: { ...endpoint.properties, ...Object.fromEntries(lists) },
  });
}

/** A connection with its state: as it is, or approved at once if the caller may approve at the target, or pending. */
function shown(
  context: LocalContext,
  { id, principal }: PutRequest,
  kind: (typeof KINDS)[number],
  connection: EndpointConnection,
): EndpointConnection & { readonly id: string } {
  const { resources, access } = context;
  const targetId = connection.properties?.privateLinkServiceId ?? "";
  const target = requireReferenced(resources, targetId, id);
  const [groupId = "", ...more] = connection.properties?.groupIds ?? [];
  requireGroup(target, groupId, more);
  const existing = connectionOf(resources, target, id);
  const manual = kind === "manualPrivateLinkServiceConnections";
  const action = `${privateLinkOf(target.type)?.type}/privateEndpointConnectionsApproval/action`;
  if (!manual) {
    const request = { id, action: `${ENDPOINT_TYPE}/write` };
    requireAtLinked(access, principal, request, { action, scope: target.id }, networkRules.rules.approval);
  }
  const fresh = manual ? stateOf("Pending", "Awaiting Approval") : stateOf("Approved", "Auto-Approved");
  const state = existing?.properties.privateLinkServiceConnectionState as ConnectionState | undefined;
  return {
    ...connection,
    id: `${id}/${kind}/${connection.name}`,
    properties: {
      ...connection.properties,
      privateLinkServiceConnectionState: state ?? fresh,
    },
  };
}

/** @throws ArmError 400 */
export function requireGroup(target: ArmResource, groupId: string, more: readonly string[] = []): void {
  if (more.length === 0 && groupOf(target.type, groupId) !== undefined) return;
  const known = privateLinkOf(target.type)?.groups.map(({ id }) => id) ?? [];
  throw refusal(
    networkRules.rules.group,
    `Call to ${target.type} failed. Error message: Invalid groupId '${[groupId, ...more].join(",")}'${known.length > 0 ? `; the groups are ${known.join(", ")}` : ""}.`,
  );
}

function requireSubnet(resources: ResourceStore, by: string, subnetId: string): ArmResource {
  const subnet = requireReferenced(resources, subnetId, by, SUBNET_TYPE);
  const delegations = (subnet.properties.delegations ?? []) as readonly unknown[];
  if (delegations.length === 0) return subnet;
  throw refusal(
    networkRules.rules.delegated,
    `Private endpoint ${by} cannot be created as subnet ${subnet.id} is delegated.`,
  );
}

/** The given address, or the first free one: Azure keeps the first four of a subnet and its last. */
function freeAddress(
  resources: ResourceStore,
  subnet: ArmResource,
  properties: ArmResource["properties"] | undefined,
): string {
  const prefixes = prefixesOf(subnet.properties);
  const [configured] = (properties?.ipConfigurations ?? []) as readonly {
    readonly properties?: { readonly privateIPAddress?: string };
  }[];
  const given = configured?.properties?.privateIPAddress;
  const taken = resources
    .list({ type: ENDPOINT_TYPE })
    .filter((one) => sameId(idOf(one.properties.subnet), subnet.id))
    .map(privateAddress);
  if (given !== undefined) {
    if (isIn(given, prefixes) && !taken.includes(given)) return given;
    throw new ArmError(
      400,
      "PrivateIPAddressNotInSubnet",
      `Private static IP address ${given} does not belong to the range of subnet prefix ${prefixes.join(", ")}, or is taken.`,
    );
  }
  for (const { first, last } of prefixes.flatMap((prefix) => parseRange(prefix) ?? []))
    for (let number = first + RESERVED; number < last; number++)
      if (!taken.includes(addressText(number))) return addressText(number);
  throw new ArmError(
    400,
    "SubnetIsFull",
    `Subnet ${subnet.name} with address prefix ${prefixes.join(", ")} does not have enough capacity for 1 IP addresses.`,
  );
}

/** learn.microsoft.com/azure/virtual-network/virtual-networks-faq. */
const RESERVED = 4;

function connectionsIn(
  properties: ArmResource["properties"] | undefined,
  kind: (typeof KINDS)[number],
): readonly EndpointConnection[] {
  return (properties?.[kind] ?? []) as readonly EndpointConnection[];
}

function networkInterface(endpointId: string): string {
  const name = `${endpointId.split("/").at(-1)}.nic.${stableGuid(endpointId.toLowerCase())}`;
  return `${parentId(endpointId)}/providers/Microsoft.Network/networkInterfaces/${name}`;
}

/** True if the endpoint's only service has approved it. */
export function isApproved(resources: ResourceStore, endpoint: ArmResource, target: ArmResource): boolean {
  return statusOf(connectionOf(resources, target, endpoint.id)) === "Approved";
}
