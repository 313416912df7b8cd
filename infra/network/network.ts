import * as network from "@pulumi/azure-native/network";
import * as privatedns from "@pulumi/azure-native/privatedns";
import * as pulumi from "@pulumi/pulumi";
import type { ExistingResource } from "../existing/existing";
import type { ExistingSettings } from "../existing/schema";
import type { Placement } from "../placement";
import { type Reached, reached } from "./reached";
import { halves, type PrivateNetwork } from "./schema";

export interface NetworkArgs extends Placement {
  readonly networkName: pulumi.Input<string>;
  /** What the names of the endpoints begin with. */
  readonly endpointName: pulumi.Input<string>;
  readonly settings: PrivateNetwork;
  /** The subnets that are used instead of a network that is made. */
  readonly functionSubnet: ExistingResource | undefined;
  readonly endpointsSubnet: ExistingResource | undefined;
  readonly zones: ExistingSettings["privateDnsZones"];
}

/** The network from which the tenant's services are reached, and theirs names in it. */
export class Network extends pulumi.ComponentResource {
  readonly functionSubnetId: pulumi.Output<string>;
  private readonly endpointsSubnetId: pulumi.Output<string>;
  private readonly networkId: pulumi.Output<string>;
  private readonly zones = new Map<Reached, pulumi.Output<string>>();

  constructor(
    private readonly name: string,
    private readonly args: NetworkArgs,
    options?: pulumi.ComponentResourceOptions,
  ) {
    super("quantemplate:azure:Network", name, {}, options);
    const { functionSubnet, endpointsSubnet } = args;
    if (functionSubnet && endpointsSubnet) {
      this.functionSubnetId = functionSubnet.id;
      this.endpointsSubnetId = endpointsSubnet.id;
      this.networkId = endpointsSubnet.id.apply((id) => id.replace(/\/subnets\/[^/]+$/i, ""));
    } else {
      this.networkId = this.ownNetwork().id;
      this.functionSubnetId = pulumi.interpolate`${this.networkId}/subnets/function`;
      this.endpointsSubnetId = pulumi.interpolate`${this.networkId}/subnets/endpoints`;
    }
    this.registerOutputs({ functionSubnetId: this.functionSubnetId });
  }

  private ownNetwork(): network.VirtualNetwork {
    const { resourceGroupName, location, tags, networkName, settings } = this.args;
    const [forFunction, forEndpoints] = halves(settings.addressSpace);
    return new network.VirtualNetwork(
      this.name,
      {
        resourceGroupName,
        location,
        tags,
        virtualNetworkName: networkName,
        addressSpace: { addressPrefixes: [settings.addressSpace] },
        subnets: [
          {
            name: "function",
            addressPrefix: forFunction,
            delegations: [{ name: "flex", serviceName: "Microsoft.App/environments" }],
          },
          { name: "endpoints", addressPrefix: forEndpoints, privateEndpointNetworkPolicies: "Disabled" },
        ],
      },
      // The network's team peers it with the runner's network.
      { parent: this, ignoreChanges: ["virtualNetworkPeerings"] },
    );
  }

  /**
   * Gives a resource an address in the network, and its name that address.
   * @param suffix What tells the endpoint from another one of the kind. @returns what a caller waits for
   */
  endpointFor(kind: Reached, targetId: pulumi.Input<string>, suffix = ""): pulumi.Resource {
    const { resourceGroupName, location, tags, endpointName, zones } = this.args;
    const { groupId } = reached[kind];
    const privateEndpointName = pulumi.interpolate`${endpointName}-${kind}${suffix}`;
    const endpoint = new network.PrivateEndpoint(
      `${this.name}-${kind}${suffix}`,
      {
        resourceGroupName,
        location,
        tags,
        privateEndpointName,
        subnet: { id: this.endpointsSubnetId },
        privateLinkServiceConnections: [{ name: kind, privateLinkServiceId: targetId, groupIds: [groupId] }],
      },
      { parent: this },
    );
    // A policy of the landing zone writes the names.
    if (zones?.managedByPolicy) return endpoint;
    const zoneId = zones?.[kind] ?? this.zoneOf(kind);
    return new network.PrivateDnsZoneGroup(
      `${this.name}-${kind}${suffix}-names`,
      {
        resourceGroupName,
        privateEndpointName: endpoint.name,
        privateDnsZoneGroupName: "default",
        privateDnsZoneConfigs: [{ name: kind, privateDnsZoneId: zoneId }],
      },
      { parent: this },
    );
  }

  private zoneOf(kind: Reached): pulumi.Output<string> {
    const zone = this.zones.get(kind) ?? this.ownZone(kind);
    this.zones.set(kind, zone);
    return zone;
  }

  private ownZone(kind: Reached): pulumi.Output<string> {
    const { resourceGroupName, tags } = this.args;
    const zone = new privatedns.PrivateZone(
      `${this.name}-${kind}-zone`,
      { resourceGroupName, location: "global", tags, privateZoneName: reached[kind].zone },
      { parent: this },
    );
    const link = new privatedns.VirtualNetworkLink(
      `${this.name}-${kind}-link`,
      {
        resourceGroupName,
        location: "global",
        tags,
        privateZoneName: zone.name,
        virtualNetworkLinkName: "network",
        registrationEnabled: false,
        virtualNetwork: { id: this.networkId },
      },
      { parent: this },
    );
    // A name is found once the zone is linked.
    return pulumi.all([zone.id, link.id]).apply(([id]) => id);
  }
}
