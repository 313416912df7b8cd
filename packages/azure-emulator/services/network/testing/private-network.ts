import assert from "node:assert/strict";
import { groupOf } from "../../../control-plane/network/private-link";
import type { TestEmulator, TestReply } from "../../../control-plane/testing/test-emulator";

/** A network with a subnet for endpoints, one for apps on Flex Consumption and one for machines. */
export interface PrivateNetwork {
  readonly id: string;
  subnet(name: "endpoints" | "apps" | "runners"): string;
  /** The loopback address from which what is in a subnet connects. */
  from(subnet: "apps" | "runners"): Promise<string>;
  /** Makes a private endpoint in `endpoints`; with a zone group, if its zone exists. */
  endpoint(name: string, target: string, groupId: string, more?: EndpointChoice): Promise<TestReply>;
  /** Makes the zone of a target's group, linked with the network unless told otherwise. @returns its id */
  zone(target: string, groupId: string, linked?: boolean): Promise<string>;
}

interface EndpointChoice {
  readonly manual?: boolean;
  readonly zone?: string;
  /** Of whom calls Resource Manager. */
  readonly token?: string;
}

type Emulator = Pick<TestEmulator, "arm" | "context">;

/** Makes the network in a resource group. */
export async function makePrivateNetwork(
  emulator: Emulator,
  group: string,
  name = "vnet-test",
): Promise<PrivateNetwork> {
  const id = `${group}/providers/Microsoft.Network/virtualNetworks/${name}`;
  const put = async (path: string, body: object) => {
    const answer = await emulator.arm("PUT", path, body);
    assert.ok(answer.status < 300, answer.text);
    return answer;
  };
  await put(id, {
    location: "westeurope",
    properties: {
      addressSpace: { addressPrefixes: ["10.1.0.0/24"] },
      subnets: [
        { name: "endpoints", properties: { addressPrefix: "10.1.0.0/27" } },
        {
          name: "apps",
          properties: {
            addressPrefix: "10.1.0.32/27",
            delegations: [{ name: "flex", properties: { serviceName: "Microsoft.App/environments" } }],
          },
        },
        {
          name: "runners",
          properties: {
            addressPrefix: "10.1.0.64/27",
            serviceEndpoints: ["Microsoft.Sql", "Microsoft.KeyVault", "Microsoft.Storage"].map((service) => ({
              service,
            })),
          },
        },
      ],
    },
  });
  const subnet = (of: string) => `${id}/subnets/${of}`;
  return {
    id,
    subnet,
    from: (of) => emulator.context.callers.addressOf({ kind: "subnet", subnetId: subnet(of) }),
    async endpoint(endpointName, target, groupId, { manual = false, zone, token } = {}) {
      const path = `${group}/providers/Microsoft.Network/privateEndpoints/${endpointName}`;
      const connection = {
        name: "target",
        properties: { privateLinkServiceId: target, groupIds: [groupId] },
      };
      const body = {
        location: "westeurope",
        properties: {
          subnet: { id: subnet("endpoints") },
          ...(manual
            ? { manualPrivateLinkServiceConnections: [connection] }
            : { privateLinkServiceConnections: [connection] }),
        },
      };
      const answer = await emulator.arm("PUT", path, body, token);
      if (answer.status < 300 && zone !== undefined)
        await put(`${path}/privateDnsZoneGroups/default`, {
          properties: { privateDnsZoneConfigs: [{ name: "zone", properties: { privateDnsZoneId: zone } }] },
        });
      return answer;
    },
    async zone(target, groupId, linked = true) {
      const type = target.split("/").slice(-3, -1).join("/");
      const zoneName = groupOf(type, groupId)?.zones[0];
      const zoneId = `${group}/providers/Microsoft.Network/privateDnsZones/${zoneName}`;
      await put(zoneId, { location: "global" });
      if (linked)
        await put(`${zoneId}/virtualNetworkLinks/link`, {
          location: "global",
          properties: { virtualNetwork: { id }, registrationEnabled: false },
        });
      return zoneId;
    },
  };
}
