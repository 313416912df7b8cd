import { isDeepStrictEqual } from "node:util";
import { stableGuid } from "../../../kit/stable-guid";
import type { PutRequest, ResourceType } from "../../control-plane/local-service";
import { type ArmResource, parentId, type ResourceStore, sameId } from "../../control-plane/resource";
import {
  filledIn,
  NETWORK_TYPE,
  prefixesOf,
  requireSubnets,
  requireUnused,
  SUBNET_TYPE,
  type Subnet,
  subnetsOf,
} from "./subnets";

/**
 * A virtual network. Its subnets are resources of their own, which its `subnets` shows; a PUT with `subnets` sets all of them, and one
 * without leaves them (techcommunity.microsoft.com/blog/azurenetworkingblog, "Azure Virtual Network now supports updates without subnet
 * property"). Peerings stay likewise (github.com/Azure/arm-template-whatif/issues/163).
 */
export function virtualNetworkType(resources: ResourceStore): ResourceType {
  return {
    type: NETWORK_TYPE,
    async put({ id, body, existing }) {
      const given = body.properties?.subnets as readonly Subnet[] | undefined;
      const subnets = given ?? subnetsOf(resources, id);
      requireSubnets(resources, id, spaceOf(body.properties), subnets);
      for (const { id: gone, name } of subnetsOf(resources, id))
        if (!subnets.some((subnet) => sameId(subnet.name, name))) requireUnused(resources, gone, () => true);
      return {
        properties: {
          subnets: subnets.map(({ name, properties }) => shown(id, name, properties)),
          provisioningState: "Succeeded",
          resourceGuid: stableGuid(`network ${id.toLowerCase()}`),
          virtualNetworkPeerings:
            body.properties?.virtualNetworkPeerings ?? existing?.properties.virtualNetworkPeerings ?? [],
        },
      };
    },
    /** Makes the subnets that the body has, and removes the others. */
    async stored({ id, properties }) {
      const wanted = (properties.subnets ?? []) as readonly Subnet[];
      for (const { id: gone, name } of subnetsOf(resources, id))
        if (!wanted.some((subnet) => sameId(subnet.name, name))) await resources.remove(gone);
      for (const { name, properties: own } of wanted) {
        const before = resources.get(`${id}/subnets/${name}`);
        if (isDeepStrictEqual(before?.properties, own)) continue;
        await resources.set({
          ...before,
          id: `${id}/subnets/${name}`,
          type: SUBNET_TYPE,
          name,
          properties: own,
        });
      }
    },
    mayDelete({ id }, stays) {
      for (const subnet of subnetsOf(resources, id)) requireUnused(resources, subnet.id, stays);
    },
  };
}

/** A subnet as a resource of its own; its network shows it too. */
export function subnetType(resources: ResourceStore): ResourceType {
  /** The network's `subnets` with this one, or without. */
  const show = async (id: string, subnet: ArmResource | undefined) => {
    const network = resources.get(parentId(id));
    if (network === undefined) return;
    const name = id.split("/").at(-1) ?? "";
    const before = (network.properties.subnets ?? []) as readonly Subnet[];
    const entry = subnet && shown(network.id, subnet.name, subnet.properties);
    const subnets = before.some((one) => sameId(one.name, name))
      ? before.flatMap((one) => (sameId(one.name, name) ? (entry ?? []) : one))
      : [...before, ...(entry ? [entry] : [])];
    await resources.set({ ...network, properties: { ...network.properties, subnets } });
  };
  return {
    type: SUBNET_TYPE,
    async put({ id, name, body }: PutRequest) {
      const networkId = parentId(id);
      const others = subnetsOf(resources, networkId).filter((subnet) => !sameId(subnet.name, name));
      const subnet = { name, properties: body.properties ?? {} };
      const space = spaceOf(resources.get(networkId)?.properties);
      requireSubnets(resources, networkId, space, [...others, subnet]);
      return { properties: filledIn(subnet.properties) };
    },
    stored: (subnet) => show(subnet.id, subnet),
    mayDelete: ({ id }, stays) => requireUnused(resources, id, stays),
    delete: ({ id }) => show(id, undefined),
  };
}

function spaceOf(properties: ArmResource["properties"] = {}): readonly string[] {
  return prefixesOf((properties.addressSpace ?? {}) as ArmResource["properties"]);
}

/** A subnet inside of its network. */
function shown(networkId: string, name: string, properties: ArmResource["properties"]) {
  return {
    id: `${networkId}/subnets/${name}`,
    name,
    type: SUBNET_TYPE,
    properties: filledIn(properties),
  };
}
