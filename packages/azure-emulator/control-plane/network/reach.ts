import type { ArmResource, ResourceStore } from "../resource";
import { parentId, sameId } from "../resource-id";
import type { Caller } from "./callers";
import { connectionsOf, endpointOf, groupIdsOf, statusOf } from "./connections";
import { groupOf, type PrivateLinkGroup } from "./private-link";

/**
 * The way of a connection to a service. `nowhere`: its name has no address there, or the address leads to an endpoint that is not
 * approved or that no route leads to; in Azure the client waits until its time limit.
 */
export type Way = "private" | "public" | "nowhere";

/**
 * How a caller's connection travels, as name resolution decides it: a private address only through a zone that is linked with the
 * caller's network. The service decides afterwards whether it takes a connection of the public way.
 * Source: learn.microsoft.com/azure/private-link/private-endpoint-dns-integration; of managed networks
 * learn.microsoft.com/azure/data-factory/managed-virtual-network-private-endpoint.
 */
export function wayTo(resources: ResourceStore, caller: Caller, target: ArmResource, groupId: string): Way {
  const connections = connectionsOf(resources, target).filter((connection) =>
    groupIdsOf(connection).some((id) => sameId(id, groupId)),
  );
  // Without a connection, the public name has no alias in a private zone.
  if (connections.length === 0) return "public";
  if (caller.kind === "managed") {
    const own = connections.find(({ properties }) =>
      endpointOf(properties).toLowerCase().includes(managedName(caller.networkId)),
    );
    return statusOf(own) === "Approved" ? "private" : "public";
  }
  if (caller.kind !== "subnet") return "public";
  return wayFromSubnet(resources, parentId(caller.subnetId), target, groupId, connections);
}

/** How endpoints of a factory's managed network are named: in a subscription of Microsoft's, after the factory. */
export function managedEndpointId(networkId: string, name: string): string {
  return `${managedName(networkId)}${name}`;
}

function managedName(networkId: string): string {
  const factory = parentId(networkId).split("/").at(-1)?.toLowerCase();
  return `/subscriptions/00000000-0000-0000-0000-00000000adf0/resourcegroups/vnet-managed/providers/microsoft.network/privateendpoints/${factory}.`;
}

function wayFromSubnet(
  resources: ResourceStore,
  networkId: string,
  target: ArmResource,
  groupId: string,
  connections: readonly ArmResource[],
): Way {
  const group = groupOf(target.type, groupId);
  const zone = group && linkedZone(resources, networkId, group);
  if (group === undefined || zone === undefined) return "public";
  const [label = ""] = group.records(target.name, String(target.location ?? ""));
  const address = recordAddress(resources, zone.id, label);
  if (address === undefined) return zone.redirects ? "public" : "nowhere";
  const led = connections.find((connection) => {
    const endpoint = resources.get(endpointOf(connection.properties));
    return (
      endpoint !== undefined && privateAddress(endpoint) === address && routed(resources, networkId, endpoint)
    );
  });
  return statusOf(led) === "Approved" ? "private" : "nowhere";
}

/** The zone of a group's names that is linked with the network. */
function linkedZone(
  resources: ResourceStore,
  networkId: string,
  { zones }: PrivateLinkGroup,
): { readonly id: string; readonly redirects: boolean } | undefined {
  const link = resources
    .list({ type: "Microsoft.Network/privateDnsZones/virtualNetworkLinks" })
    .find(
      ({ id, properties }) =>
        sameId(idOf(properties.virtualNetwork), networkId) &&
        zones.some((zone) => sameId(zone, parentId(id).split("/").at(-1) ?? "")),
    );
  return (
    link && { id: parentId(link.id), redirects: link.properties.resolutionPolicy === "NxDomainRedirect" }
  );
}

function recordAddress(resources: ResourceStore, zoneId: string, label: string): string | undefined {
  const records = resources.get(`${zoneId}/A/${label}`)?.properties.aRecords;
  return (records as readonly { readonly ipv4Address?: string }[] | undefined)?.[0]?.ipv4Address;
}

/** An endpoint is in the caller's network, or in one that is peered with it from both sides. */
function routed(resources: ResourceStore, networkId: string, endpoint: ArmResource): boolean {
  const home = parentId(idOf(endpoint.properties.subnet));
  return (
    sameId(home, networkId) || (peered(resources, networkId, home) && peered(resources, home, networkId))
  );
}

function peered(resources: ResourceStore, from: string, to: string): boolean {
  const peerings = (resources.get(from)?.properties.virtualNetworkPeerings ?? []) as readonly {
    readonly properties?: { readonly remoteVirtualNetwork?: unknown };
  }[];
  return peerings.some(({ properties }) => sameId(idOf(properties?.remoteVirtualNetwork), to));
}

/** The address of an endpoint in its subnet, which the emulator keeps for itself: Azure has it at the endpoint's network interface. */
export function privateAddress({ properties }: Pick<ArmResource, "properties">): string | undefined {
  return properties.privateAddress as string | undefined;
}

/** The id of a reference, `{ id }`. */
export function idOf(reference: unknown): string {
  return String((reference as { readonly id?: unknown } | undefined)?.id ?? "");
}
