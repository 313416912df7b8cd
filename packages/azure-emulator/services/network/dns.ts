import { stableGuid } from "../../../kit/stable-guid";
import type { ResourceType } from "../../control-plane/local-service";
import { idOf } from "../../control-plane/network/reach";
import { parentId, type ResourceStore, sameId } from "../../control-plane/resource";
import { resourceGroupOf } from "../../control-plane/resource-id";
import { refusal } from "../../control-plane/rules/azure-rule";
import { networkRules } from "./network-rules";
import { requireReferenced } from "./references";
import { NETWORK_TYPE } from "./subnets";

export const ZONE_TYPE = "Microsoft.Network/privateDnsZones";
const LINK_TYPE = `${ZONE_TYPE}/virtualNetworkLinks`;
export const RECORD_TYPE = `${ZONE_TYPE}/A`;

/** Private DNS zones, their links with networks and their A records. */
export function dnsTypes(resources: ResourceStore): readonly ResourceType[] {
  return [
    {
      type: ZONE_TYPE,
      async put({ id }) {
        return {
          properties: {
            internalId: stableGuid(`zone ${id.toLowerCase()}`),
            maxNumberOfRecordSets: 25_000,
            maxNumberOfVirtualNetworkLinks: 1000,
            maxNumberOfVirtualNetworkLinksWithRegistration: 100,
            provisioningState: "Succeeded",
          },
        };
      },
      mayDelete({ id, name }, stays) {
        const deletedAlone = stays(resourceGroupOf(id) ?? "");
        if (!deletedAlone || resources.list({ type: LINK_TYPE, under: id }).length === 0) return;
        throw refusal(
          networkRules.rules.nested,
          `Can not delete resource before nested resources are deleted: the zone ${name} has virtual network links.`,
        );
      },
    },
    {
      type: LINK_TYPE,
      async put({ id, body }) {
        const network = idOf(body.properties?.virtualNetwork);
        requireReferenced(resources, network, id, NETWORK_TYPE);
        requireOneLink(resources, id, network);
        return {
          properties: {
            registrationEnabled: body.properties?.registrationEnabled ?? false,
            virtualNetworkLinkState: "Completed",
            provisioningState: "Succeeded",
          },
        };
      },
    },
    {
      type: RECORD_TYPE,
      async put({ id, name }) {
        return { properties: { fqdn: fqdnOf(id, name), isAutoRegistered: false } };
      },
    },
  ];
}

function requireOneLink(resources: ResourceStore, id: string, network: string): void {
  const zone = parentId(id).split("/").at(-1) ?? "";
  const other = resources
    .list({ type: LINK_TYPE })
    .find(
      (link) =>
        !sameId(link.id, id) &&
        sameId(parentId(link.id).split("/").at(-1) ?? "", zone) &&
        sameId(idOf(link.properties.virtualNetwork), network),
    );
  if (other === undefined) return;
  throw refusal(
    networkRules.rules.linkedTwice,
    `A virtual network cannot be linked to multiple zones with overlapping namespaces. You tried to link virtual network with '${zone}' and '${zone}' zones.`,
  );
}

/** Keeps one A record with one address in a zone. */
export async function setRecord(
  resources: ResourceStore,
  zoneId: string,
  name: string,
  address: string,
): Promise<void> {
  const id = `${zoneId}/A/${name}`;
  await resources.set({
    id,
    type: RECORD_TYPE,
    name,
    properties: {
      ttl: 10,
      aRecords: [{ ipv4Address: address }],
      metadata: { creator: "created by private endpoint" },
      fqdn: fqdnOf(id, name),
      isAutoRegistered: false,
    },
  });
}

function fqdnOf(recordId: string, name: string): string {
  return `${name}.${parentId(recordId).split("/").at(-1)}.`;
}
