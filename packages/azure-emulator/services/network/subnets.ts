import { contains, overlaps } from "../../control-plane/network/address-range";
import { idOf } from "../../control-plane/network/reach";
import type { ArmResource, ResourceStore } from "../../control-plane/resource";
import { sameId } from "../../control-plane/resource-id";
import { refusal } from "../../control-plane/rules/azure-rule";
import { networkRules } from "./network-rules";
import { requireRange, requireReferenced } from "./references";

export const NETWORK_TYPE = "Microsoft.Network/virtualNetworks";
export const SUBNET_TYPE = "Microsoft.Network/virtualNetworks/subnets";
const SECURITY_GROUP_TYPE = "Microsoft.Network/networkSecurityGroups";

/** A subnet as a network's body has it. */
export interface Subnet {
  readonly name: string;
  readonly properties: ArmResource["properties"];
}

/** What Azure fills in. */
const FILLED_IN = {
  provisioningState: "Succeeded",
  privateEndpointNetworkPolicies: "Disabled",
  privateLinkServiceNetworkPolicies: "Enabled",
};

export function filledIn(properties: ArmResource["properties"]): ArmResource["properties"] {
  return { ...FILLED_IN, ...properties };
}

export function subnetsOf(resources: ResourceStore, networkId: string): ArmResource[] {
  return resources.list({ type: SUBNET_TYPE, under: networkId });
}

/** The ranges of a network or a subnet, as text. */
export function prefixesOf({ addressPrefix, addressPrefixes }: ArmResource["properties"]): string[] {
  const several = Array.isArray(addressPrefixes) ? addressPrefixes.map(String) : [];
  return several.length > 0 ? several : addressPrefix === undefined ? [] : [String(addressPrefix)];
}

/**
 * Checks the subnets of a network: each inside of it, none over another one, and what they name exists.
 * @throws ArmError 400
 */
export function requireSubnets(
  resources: ResourceStore,
  networkId: string,
  addressSpace: readonly string[],
  subnets: readonly Subnet[],
): void {
  const network = networkId.split("/").at(-1);
  const space = addressSpace.map((prefix) => requireRange(prefix, networkId));
  const ranges = subnets.map(({ name, properties }) => ({
    name,
    ranges: prefixesOf(properties).map((prefix) => requireRange(prefix, `${networkId}/subnets/${name}`)),
  }));
  for (const { name, ranges: own } of ranges) {
    if (!own.every((range) => space.some((outer) => contains(outer, range))))
      throw refusal(
        networkRules.rules.outside,
        `Subnet '${name}' is not valid because its IP address range is outside the IP address range of virtual network '${network}'.`,
      );
  }
  for (const [at, { name, ranges: own }] of ranges.entries()) {
    const others = ranges.slice(0, at).flatMap((other) => other.ranges);
    if (own.some((range) => others.some((other) => overlaps(range, other))))
      throw refusal(
        networkRules.rules.overlap,
        `Subnet '${name}' is not valid because its IP address range overlaps with that of an existing subnet in virtual network '${network}'.`,
      );
  }
  for (const { name, properties } of subnets) {
    const group = idOf(properties.networkSecurityGroup);
    if (group !== "")
      requireReferenced(resources, group, `${networkId}/subnets/${name}`, SECURITY_GROUP_TYPE);
  }
}

/** @throws ArmError 400 naming what is in the subnet and stays */
export function requireUnused(
  resources: ResourceStore,
  subnetId: string,
  stays: (id: string) => boolean,
): void {
  const user = [
    ...resources
      .list({ type: "Microsoft.Network/privateEndpoints" })
      .filter(({ properties }) => sameId(idOf(properties.subnet), subnetId)),
    ...resources
      .list({ type: "Microsoft.Web/sites" })
      .filter(({ properties }) => sameId(String(properties.virtualNetworkSubnetId ?? ""), subnetId)),
  ].find(({ id }) => stays(id));
  if (user === undefined) return;
  throw refusal(
    networkRules.rules.inUse,
    `Subnet ${subnetId.split("/").at(-1)} is in use by ${user.id} and cannot be deleted. In order to delete the subnet, delete all the resources within the subnet. See aka.ms/deletesubnet.`,
  );
}
