import type { ResourceType } from "../../control-plane/local-service";
import { groupOf } from "../../control-plane/network/private-link";
import { privateAddress } from "../../control-plane/network/reach";
import { type ArmResource, parentId, type ResourceStore, sameId } from "../../control-plane/resource";
import { setRecord, ZONE_TYPE } from "./dns";
import { isApproved, wishes } from "./private-endpoint";
import { requireReferenced } from "./references";

const GROUP_TYPE = "Microsoft.Network/privateEndpoints/privateDnsZoneGroups";

interface ZoneConfig {
  readonly name?: string;
  readonly properties?: { readonly privateDnsZoneId?: string; readonly recordSets?: readonly RecordSet[] };
}

interface RecordSet {
  readonly recordSetName: string;
  readonly recordType: "A";
  readonly fqdn: string;
  readonly ttl: number;
  readonly ipAddresses: readonly string[];
  readonly provisioningState: string;
}

/** The zones in which an endpoint keeps its names. A zone that is not of its group gets none, as nobody would ask for them there. */
export function dnsZoneGroupType(resources: ResourceStore): ResourceType {
  return {
    type: GROUP_TYPE,
    async put({ id, body }) {
      const endpoint = requireReferenced(resources, parentId(id), id);
      const configs = configsOf(body.properties).map((config) => {
        const zoneId = config.properties?.privateDnsZoneId ?? "";
        requireReferenced(resources, zoneId, id, ZONE_TYPE);
        return {
          ...config,
          properties: { ...config.properties, recordSets: recordsIn(resources, endpoint, zoneId) },
        };
      });
      return { properties: { privateDnsZoneConfigs: configs, provisioningState: "Succeeded" } };
    },
    async stored(group) {
      await write(resources, group);
    },
    async delete({ properties }) {
      for (const { properties: config } of configsOf(properties))
        for (const { recordSetName } of config?.recordSets ?? [])
          await resources.remove(`${config?.privateDnsZoneId}/A/${recordSetName}`);
    },
  };
}

/** Writes the names of an endpoint whose connection was approved just now. */
export async function writeNames(resources: ResourceStore, endpoint: ArmResource): Promise<void> {
  for (const group of resources.list({ type: GROUP_TYPE, under: endpoint.id })) {
    const configs = configsOf(group.properties).map((config) => ({
      ...config,
      properties: {
        ...config.properties,
        recordSets: recordsIn(resources, endpoint, config.properties?.privateDnsZoneId ?? ""),
      },
    }));
    const now = { ...group, properties: { ...group.properties, privateDnsZoneConfigs: configs } };
    await resources.set(now);
    await write(resources, now);
  }
}

async function write(resources: ResourceStore, group: Pick<ArmResource, "properties">): Promise<void> {
  for (const { properties } of configsOf(group.properties))
    for (const { recordSetName, ipAddresses } of properties?.recordSets ?? [])
      await setRecord(resources, properties?.privateDnsZoneId ?? "", recordSetName, ipAddresses[0] ?? "");
}

function recordsIn(resources: ResourceStore, endpoint: ArmResource, zoneId: string): RecordSet[] {
  const zone = zoneId.split("/").at(-1) ?? "";
  const address = privateAddress(endpoint);
  if (address === undefined) return [];
  return wishes(resources, endpoint).flatMap(({ target, groupId }) => {
    const group = groupOf(target.type, groupId);
    if (!group?.zones.some((name) => sameId(name, zone)) || !isApproved(resources, endpoint, target))
      return [];
    return group.records(target.name, String(target.location ?? "")).map((recordSetName) => ({
      recordSetName,
      recordType: "A" as const,
      fqdn: `${recordSetName}.${zone}`,
      ttl: 10,
      ipAddresses: [address],
      provisioningState: "Succeeded",
    }));
  });
}

function configsOf(properties: ArmResource["properties"] | undefined): readonly ZoneConfig[] {
  return (properties?.privateDnsZoneConfigs ?? []) as readonly ZoneConfig[];
}
