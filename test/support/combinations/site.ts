import { reached } from "../../../infra/network/reached";
import type { LocalAzure } from "../../../local/local-azure";
import { makePlatform } from "../platform";
import type { Site } from "./factors";

const networkGroup = (subscriptionId: string, suffix: string) =>
  `/subscriptions/${subscriptionId}/resourceGroups/rg-network${suffix}`;

/** The subnets and zones of a network team. */
export function networkIds(subscriptionId: string, suffix = ""): Site["network"] {
  const of = (path: string) => `${networkGroup(subscriptionId, suffix)}/providers/Microsoft.Network/${path}`;
  const subnet = (name: string) => of(`virtualNetworks/vnet-platform/subnets/${name}`);
  const zone = (kind: keyof typeof reached) => of(`privateDnsZones/${reached[kind].zone}`);
  return {
    functionSubnet: subnet("function"),
    endpointsSubnet: subnet("endpoints"),
    privateDnsZones: { sql: zone("sql"), vault: zone("vault"), blob: zone("blob") },
  };
}

/** Makes what tenants may bring in a region; closed: a landing zone without public endpoints. */
export async function makeSite(azure: LocalAzure, location: string, isClosed: boolean): Promise<Site> {
  const suffix = `-${location}`;
  const groupOf = `rg-tenants${suffix}`;
  const { existing, put } = await makePlatform({ azure }, { location, suffix, groupOf, isClosed });
  const group = networkGroup(azure.context.subscriptionId, suffix);
  const network = networkIds(azure.context.subscriptionId, suffix);
  const flex = [{ name: "flex", properties: { serviceName: "Microsoft.App/environments" } }];
  const subnet = (name: string, third: number, delegations: object[] = []) => ({
    name,
    properties: { addressPrefix: `10.90.${third}.0/24`, delegations },
  });
  await put(group, { location });
  const networkId = network.endpointsSubnet.replace(/\/subnets\/[^/]+$/, "");
  await put(networkId, {
    location,
    properties: {
      addressSpace: { addressPrefixes: ["10.90.0.0/16"] },
      subnets: [subnet("function", 0, flex), subnet("endpoints", 1), subnet("runners", 2)],
    },
  });
  for (const id of Object.values(network.privateDnsZones)) {
    await put(id, { location: "global" });
    await put(`${id}/virtualNetworkLinks/platform`, {
      location: "global",
      properties: { virtualNetwork: { id: networkId }, registrationEnabled: false },
    });
  }
  return { existing, network };
}
