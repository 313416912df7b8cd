import type { ResourceTypeDescriptor } from "../descriptor";

const network = "Microsoft.Network/virtualNetworks/{virtualNetworkName}";
const securityGroup = "Microsoft.Network/networkSecurityGroups/{networkSecurityGroupName}";
const endpoint = "Microsoft.Network/privateEndpoints/{privateEndpointName}";
const zone = "Microsoft.Network/privateDnsZones/{privateZoneName}";

const apiVersion = "2024-05-01";
const dnsVersion = "2024-06-01";
/** Whoever puts something into a subnet needs this right there (https://learn.microsoft.com/azure/private-link/rbac-permissions). */
export const joinSubnet = "Microsoft.Network/virtualNetworks/subnets/join/action";
/** https://learn.microsoft.com/rest/api/virtualnetwork/virtual-networks/delete: 202, then the operation. */
const deletion = {
  deletedLater: true,
  operations: { results: "operationResults", statuses: "operations" },
} as const;
/** As the built-in Private DNS Zone Contributor has them (https://learn.microsoft.com/azure/role-based-access-control/built-in-roles/networking). */
const dnsPolls = [
  "Microsoft.Network/privateDnsOperationResults/read",
  "Microsoft.Network/privateDnsOperationStatuses/read",
];
const specification = "network/resource-manager/Microsoft.Network/stable/2024-05-01";
const dnsSpecification = "privatedns/resource-manager/Microsoft.Network/stable/2024-06-01/privatedns.json";

export const networkTypes: readonly ResourceTypeDescriptor[] = [
  {
    type: "Microsoft.Network/networkSecurityGroups",
    apiVersion,
    mutabilityFrom: `${specification}/networkSecurityGroup.json`,
    ...deletion,
    tokens: { "azure-native:network:NetworkSecurityGroup": securityGroup },
    runs: "service",
    etag: "etag",
    location: true,
    flattensItems: true,
    madeApart: ["securityRules"],
    loss: { gone: "Deletes the network security group of {whose}", configOnly: true },
  },
  {
    type: "Microsoft.Network/virtualNetworks",
    apiVersion,
    mutabilityFrom: `${specification}/virtualNetwork.json`,
    ...deletion,
    tokens: { "azure-native:network:VirtualNetwork": network },
    runs: "service",
    etag: "etag",
    location: true,
    flattensItems: true,
    madeApart: ["subnets"],
    loss: {
      gone: "Deletes the virtual network of {whose}: what has a private endpoint only can no longer be reached",
    },
  },
  {
    type: "Microsoft.Network/virtualNetworks/subnets",
    apiVersion,
    mutabilityFrom: `${specification}/virtualNetwork.json`,
    ...deletion,
    tokens: { "azure-native:network:Subnet": `${network}/subnets/{subnetName}` },
    runs: "service",
    etag: "etag",
    flattensItems: true,
    loss: { gone: "Deletes a subnet of {whose}", configOnly: true },
  },
  {
    type: "Microsoft.Network/privateDnsZones",
    apiVersion: dnsVersion,
    mutabilityFrom: dnsSpecification,
    tokens: { "azure-native:privatedns:PrivateZone": zone },
    polls: dnsPolls,
    runs: "service",
    etag: "etag",
    systemData: true,
    location: true,
    loss: { gone: "Deletes a private DNS zone of {whose}: its names lead to the public addresses again" },
  },
  {
    type: "Microsoft.Network/privateDnsZones/virtualNetworkLinks",
    apiVersion: dnsVersion,
    mutabilityFrom: dnsSpecification,
    tokens: {
      "azure-native:privatedns:VirtualNetworkLink": `${zone}/virtualNetworkLinks/{virtualNetworkLinkName}`,
    },
    polls: dnsPolls,
    // Of the same role.
    linked: [
      { path: "properties.virtualNetwork.id", action: "Microsoft.Network/virtualNetworks/join/action" },
    ],
    runs: "service",
    etag: "etag",
    systemData: true,
    location: true,
    loss: { gone: "Private names of {whose} lead to the public addresses until the link exists again" },
  },
  {
    // The published types that were brought in lack it; its shape is written by hand, with the members of an A record.
    type: "Microsoft.Network/privateDnsZones/A",
    apiVersion: dnsVersion,
    tokens: {},
    runs: "service",
    etag: "etag",
  },
  {
    type: "Microsoft.Network/privateEndpoints",
    apiVersion,
    mutabilityFrom: `${specification}/privateEndpoint.json`,
    ...deletion,
    tokens: { "azure-native:network:PrivateEndpoint": endpoint },
    runs: "service",
    etag: "etag",
    location: true,
    flattensItems: true,
    // Of azure-native's own list.
    createOnly: ["subnet"],
    linked: [{ path: "properties.subnet.id", action: joinSubnet }],
    loss: {
      gone: "Cuts off a private endpoint of {whose}",
      replaced: "Cuts off a private endpoint of {whose} until its connection is approved again",
    },
  },
  {
    type: "Microsoft.Network/privateEndpoints/privateDnsZoneGroups",
    apiVersion,
    mutabilityFrom: `${specification}/privateEndpoint.json`,
    ...deletion,
    tokens: {
      "azure-native:network:PrivateDnsZoneGroup": `${endpoint}/privateDnsZoneGroups/{privateDnsZoneGroupName}`,
    },
    // https://github.com/Azure/Azure-Landing-Zones/issues/3625
    linked: [
      {
        path: "properties.privateDnsZoneConfigs.*.properties.privateDnsZoneId",
        action: "Microsoft.Network/privateDnsZones/join/action",
      },
    ],
    runs: "service",
    etag: "etag",
    flattensItems: true,
    loss: { gone: "Removes a private endpoint of {whose} from its DNS zone", configOnly: true },
  },
];
