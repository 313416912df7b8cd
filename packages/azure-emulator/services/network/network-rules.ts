import { armRules } from "../../control-plane/rules/azure-rule";

const LEARN = "https://learn.microsoft.com/azure";
const test = (title: string) => ["services/network/network-resources.itest.ts", title] as const;

export const networkRules = armRules("Virtual networks", {
  notation: {
    what: "An address range is written with the address at which it begins.",
    source: `${LEARN}/virtual-network/virtual-networks-faq; https://github.com/hashicorp/terraform-provider-azurerm/issues/12014`,
    answer: { status: 400, code: "InvalidCIDRNotation" },
    test: test("refuses a range that does not begin where it says"),
  },
  outside: {
    what: "A subnet lies in the address space of its network.",
    source: `${LEARN}/virtual-network/manage-subnet-delegation; https://github.com/Azure/azure-cli/issues/15165`,
    answer: { status: 400, code: "NetcfgSubnetRangeOutsideVnet" },
    test: test("refuses a subnet outside of the network's address space"),
  },
  overlap: {
    what: "The subnets of a network do not overlap.",
    source: `${LEARN}/virtual-network/virtual-network-manage-subnet; https://github.com/hashicorp/terraform-provider-azurerm/issues/3780`,
    answer: { status: 400, code: "NetcfgSubnetRangesOverlap" },
    test: test("refuses a subnet that overlaps with another one"),
  },
  inUse: {
    what: "A subnet with a private endpoint or with an app in it cannot be deleted, nor can its network.",
    source: `${LEARN}/virtual-network/virtual-network-manage-subnet#delete-a-subnet; ${LEARN}/virtual-network/manage-virtual-network#delete-a-virtual-network`,
    answer: { status: 400, code: "InUseSubnetCannotBeDeleted" },
    test: test("keeps a subnet that is in use, and its network"),
  },
  groupInUse: {
    what: "A network security group that a subnet has cannot be deleted.",
    source: `${LEARN}/virtual-network/manage-network-security-group#delete-a-network-security-group`,
    answer: { status: 400, code: "InUseNetworkSecurityGroupCannotBeDeleted" },
    test: test("keeps a security group that a subnet has"),
  },
  reference: {
    what: "What a network, an endpoint or a DNS zone group names exists.",
    source: `${LEARN}/azure-resource-manager/troubleshooting/error-not-found; https://github.com/Azure/azure-cli/issues/11667`,
    answer: { status: 400, code: "InvalidResourceReference" },
    test: test("refuses an endpoint for what does not exist"),
  },
  group: {
    what: "A private endpoint is for a group that its target's type has: `sqlServer`, `vault`, `blob`, `dataFactory`, `sites`.",
    source: `${LEARN}/private-link/private-endpoint-overview#private-link-resource; https://github.com/hashicorp/terraform-provider-azurerm/issues/11778`,
    answer: { status: 400, code: "BadRequest" },
    test: test("refuses a group that the target does not have"),
  },
  delegated: {
    what: "A private endpoint is not in a delegated subnet.",
    source: "https://github.com/MicrosoftDocs/azure-docs/issues/47048",
    answer: { status: 400, code: "PrivateEndpointCreationNotAllowedAsSubnetIsDelegated" },
    test: test("refuses an endpoint in a delegated subnet"),
  },
  approval: {
    what: "A private endpoint with `privateLinkServiceConnections` needs the right to approve at its target; with `manualPrivateLinkServiceConnections` it waits.",
    source: `${LEARN}/private-link/rbac-permissions; ${LEARN}/private-link/private-endpoint-overview#access-to-a-private-link-resource-using-approval-workflow`,
    answer: { status: 403, code: "LinkedAuthorizationFailed" },
    test: test("needs the right to approve, or waits"),
  },
  linkedTwice: {
    what: "A network is linked with one zone of a name.",
    source: `${LEARN}/dns/private-dns-virtual-network-links; https://github.com/MicrosoftDocs/azure-aks-docs/issues/212`,
    answer: { status: 400, code: "BadRequest" },
    test: test("links a network with one zone of a name"),
  },
  nested: {
    what: "A DNS zone with links cannot be deleted.",
    source: `${LEARN}/dns/private-dns-privatednszone`,
    answer: { status: 409, code: "CannotDeleteResource" },
    test: test("keeps a zone that has links"),
  },
  connections: {
    what: "Only a private endpoint makes a connection; a PUT approves or rejects one that exists.",
    source:
      "https://learn.microsoft.com/rest/api/sql/private-endpoint-connections/create-or-update; https://learn.microsoft.com/rest/api/keyvault/keyvault/private-endpoint-connections/put",
    answer: { status: 404, code: "ResourceNotFound" },
    test: test("makes no connection by a PUT"),
  },
});
