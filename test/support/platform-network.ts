import { type Reached, reached } from "../../infra/network/reached";
import type { Platform } from "./platform";

/** What of a network team's group a tenant with `network: private` uses: members of the setting `existing`. */
export interface GivenNetwork {
  readonly functionSubnet: string;
  readonly endpointsSubnet: string;
  readonly privateDnsZones: Readonly<Record<Reached, string>>;
}

/** @param group id of the resource group */
export function networkIds(group: string): GivenNetwork {
  const of = (path: string) => `${group}/providers/Microsoft.Network/${path}`;
  const subnet = (name: string) => of(`virtualNetworks/vnet-platform/subnets/${name}`);
  const zone = (kind: Reached) => of(`privateDnsZones/${reached[kind].zone}`);
  return {
    functionSubnet: subnet("function"),
    endpointsSubnet: subnet("endpoints"),
    privateDnsZones: { sql: zone("sql"), vault: zone("vault"), blob: zone("blob") },
  };
}

/** Where the machines that deploy are, in the same network. */
export const runnersOf = (given: GivenNetwork) => `${networkOf(given)}/subnets/runners`;

export const networkOf = ({ endpointsSubnet }: Pick<GivenNetwork, "endpointsSubnet">) =>
  endpointsSubnet.replace(/\/subnets\/[^/]+$/, "");

/** Makes the network and its zones in a group, which it makes too. */
export async function makeNetwork(
  put: Platform["put"],
  group: string,
  location = "westeurope",
): Promise<GivenNetwork> {
  const given = networkIds(group);
  await makeSubnets(put, group, location);
  await makeZones(put, given.privateDnsZones, networkOf(given));
  return given;
}

/** Makes the network alone, in a group, which it makes too. */
export async function makeSubnets(
  put: Platform["put"],
  group: string,
  location = "westeurope",
): Promise<void> {
  const flex = [{ name: "flex", properties: { serviceName: "Microsoft.App/environments" } }];
  const subnet = (name: string, third: number, delegations: object[] = []) => ({
    name,
    properties: { addressPrefix: `10.1.${third}.0/24`, delegations },
  });
  await put(group, { location });
  await put(networkOf(networkIds(group)), {
    location,
    properties: {
      addressSpace: { addressPrefixes: ["10.1.0.0/16"] },
      subnets: [subnet("function", 0, flex), subnet("endpoints", 1), subnet("runners", 2)],
    },
  });
}

/** Makes the zones, and links them with the network if one is given. */
export async function makeZones(
  put: Platform["put"],
  zones: GivenNetwork["privateDnsZones"],
  network?: string,
): Promise<void> {
  for (const id of Object.values(zones)) {
    await put(id, { location: "global" });
    if (network !== undefined) await linkZone(put, id, "platform", network);
  }
}

/** Links a zone with a network, which then finds its names. */
export function linkZone(put: Platform["put"], zone: string, name: string, network: string): Promise<void> {
  return put(`${zone}/virtualNetworkLinks/${name}`, {
    location: "global",
    properties: { virtualNetwork: { id: network }, registrationEnabled: false },
  });
}
