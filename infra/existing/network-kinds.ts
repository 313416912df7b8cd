import { type Reached, reached } from "../network/reached";
import { overlap } from "../network/schema";
import {
  type Around,
  faultIf,
  type Kind,
  type LiveResource,
  parentOf,
  property,
  same,
  textOf,
  type Wanted,
} from "./kind";

const NETWORKS = "2024-05-01";
const ZONES = "2024-06-01";
const FLEX = "Microsoft.App/environments";
/** learn.microsoft.com/azure/azure-functions/flex-consumption-how-to#enable-virtual-network-integration */
const FUNCTION_BITS = 27;
/** Three endpoints, and the five addresses of a subnet that Azure keeps. */
const ENDPOINTS_BITS = 29;

const subnet = {
  type: "Microsoft.Network/virtualNetworks/subnets",
  apiVersion: NETWORKS,
  inRegion: true,
  needs: () => ["Microsoft.Network/virtualNetworks/subnets/join/action"],
  around: (id: string) => ({ home: { id: parentOf(id), apiVersion: NETWORKS } }),
} as const;

/** The subnets of a given network, and the zones of its names. */
export const networkKinds = {
  functionSubnet: {
    ...subnet,
    faults: (found, wanted, around) => [
      faultIf(
        !delegatedTo(found).includes(FLEX),
        `is not delegated to ${FLEX}, as Flex Consumption needs it`,
      ),
      sizeFault(found, FUNCTION_BITS, "Flex Consumption"),
      faultIf(nameOf(found).includes("_"), "has an underscore in its name, which Flex Consumption refuses"),
      faultIf(
        listOf(found, "privateEndpoints").length > 0,
        "has private endpoints in it, so that no function app can be in it",
      ),
      peeringFault(wanted, around),
    ],
  },
  endpointsSubnet: {
    ...subnet,
    faults: (found) => [
      faultIf(delegatedTo(found).length > 0, "is delegated, so that no private endpoint can be in it"),
      sizeFault(found, ENDPOINTS_BITS, "the three private endpoints"),
    ],
  },
  peeredNetworks: {
    type: "Microsoft.Network/virtualNetworks",
    apiVersion: NETWORKS,
    faults: (found, { addressSpace }) => [
      ...prefixesOf(found)
        .filter((prefix) => addressSpace !== undefined && overlap(prefix, addressSpace))
        .map(
          (prefix) =>
            `has the addresses ${prefix}, which overlap with the tenant's, ${addressSpace}, so that the two cannot be peered`,
        ),
    ],
  },
  "privateDnsZones.sql": zoneOf("sql"),
  "privateDnsZones.vault": zoneOf("vault"),
  "privateDnsZones.blob": zoneOf("blob"),
} as const satisfies Readonly<Record<string, Kind>>;

function zoneOf(service: Reached): Kind {
  return {
    type: "Microsoft.Network/privateDnsZones",
    apiVersion: ZONES,
    needs: () => ["Microsoft.Network/privateDnsZones/join/action"],
    around: (id, { subnets = [] }) => ({
      links: { id: `${id}/virtualNetworkLinks`, apiVersion: ZONES },
      ...Object.fromEntries(
        networksOf(subnets).map((network) => [network, { id: network, apiVersion: NETWORKS }]),
      ),
    }),
    faults: (zone, { subnets = [] }, around) => [
      faultIf(
        !same(nameOf(zone), reached[service].zone),
        `is not the zone of the names: ${reached[service].zone}`,
      ),
      ...networksOf(subnets).map((network) => linkFault(network, around)),
    ],
  };
}

/** A network with DNS servers of its own asks these, which answer from a network that is linked. */
function linkFault(network: string, around: Around): string | undefined {
  const links = around.links?.value;
  const live = around[network];
  if (links === undefined || live === undefined) return undefined;
  const { dnsServers = [] } = Object(property(live, "dhcpOptions")) as { dnsServers?: readonly unknown[] };
  if (dnsServers.length > 0) return undefined;
  const isLinked = links.some((link) => same(idIn(property(link, "virtualNetwork")), network));
  return faultIf(!isLinked, `is not linked with the network ${network}, which then does not find its names`);
}

/** The function reaches endpoints in another network only if the two are peered. */
function peeringFault({ subnets = [] }: Wanted, { home }: Around): string | undefined {
  const [own = "", other] = networksOf(subnets);
  if (other === undefined || home === undefined) return undefined;
  const peered = listOf(home, "virtualNetworkPeerings").some((peering) =>
    same(idIn(property(peering, "remoteVirtualNetwork")), other),
  );
  return faultIf(!peered, `is in the network ${own}, which is not peered with the endpoints' ${other}`);
}

function sizeFault(found: LiveResource, most: number, who: string): string | undefined {
  const [several] = (property(found, "addressPrefixes") ?? []) as readonly unknown[];
  const prefix = String(property(found, "addressPrefix") ?? several ?? "");
  const bits = Number(/\/(\d+)$/.exec(prefix)?.[1] ?? 0);
  return faultIf(
    bits > most,
    `has the addresses ${prefix}, and ${who} need${who.endsWith("s") ? "" : "s"} at least /${most}`,
  );
}

const networksOf = (subnets: readonly string[]) => [...new Set(subnets.map(parentOf))];
const idIn = (reference: unknown) => String((Object(reference) as { id?: unknown }).id ?? "");
const nameOf = ({ id = "" }: LiveResource) => id.slice(id.lastIndexOf("/") + 1);

function listOf(resource: LiveResource, name: string): readonly LiveResource[] {
  return (property(resource, name) ?? []) as readonly LiveResource[];
}

/** Those of version 4. */
function prefixesOf(found: LiveResource): readonly string[] {
  const { addressPrefixes = [] } = Object(property(found, "addressSpace")) as {
    addressPrefixes?: readonly string[];
  };
  return addressPrefixes.filter((prefix) => !prefix.includes(":"));
}

function delegatedTo(found: LiveResource): string[] {
  return listOf(found, "delegations").map((delegation) => textOf(delegation, "serviceName"));
}
