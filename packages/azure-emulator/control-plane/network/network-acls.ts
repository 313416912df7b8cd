import type { ArmResource, ResourceStore } from "../resource";
import { sameId } from "../resource-id";
import { isIn } from "./address-range";
import { type Caller, publicAddress } from "./callers";
import { type Way, wayTo } from "./reach";

/** `networkAcls` of a vault or a storage account. */
interface NetworkAcls {
  readonly bypass?: string;
  readonly defaultAction?: string;
  readonly ipRules?: readonly { readonly value?: string }[];
  readonly virtualNetworkRules?: readonly { readonly id?: string }[];
}

/** What a service's own settings say to a connection. `nowhere`: the connection never arrives. */
export type Admission = "admitted" | "disabled" | "firewall" | "nowhere";

export interface Visit {
  readonly caller: Caller;
  readonly groupId: string;
  /** The service endpoint by which a subnet shows itself: `Microsoft.KeyVault`. */
  readonly service: string;
  /** The caller is one of the services that `bypass: AzureServices` lets in. */
  readonly trusted: () => boolean;
}

/**
 * Decides by `publicNetworkAccess` and `networkAcls`. A private endpoint goes past both.
 * Source: learn.microsoft.com/azure/key-vault/general/network-security and …/storage/common/storage-network-security.
 */
export function admissionTo(resources: ResourceStore, target: ArmResource, visit: Visit): Admission {
  const { caller, groupId, trusted } = visit;
  const acls = (target.properties.networkAcls ?? {}) as NetworkAcls;
  const disabled = isClosedToPublic(target);
  const open = !disabled && !/^deny$/i.test(acls.defaultAction ?? "Allow");
  if (open && (caller.kind === "internet" || caller.kind === "azure")) return "admitted";
  const way: Way = wayTo(resources, caller, target, groupId);
  if (way === "nowhere") return "nowhere";
  if (way === "private" || open) return "admitted";
  if (/AzureServices/i.test(acls.bypass ?? "AzureServices") && trusted()) return "admitted";
  if (disabled) return "disabled";
  return listed(resources, acls, visit) ? "admitted" : "firewall";
}

function listed(resources: ResourceStore, acls: NetworkAcls, { caller, service }: Visit): boolean {
  const ranges = (acls.ipRules ?? []).map(({ value = "" }) => value);
  if (isIn(publicAddress(caller), ranges)) return true;
  if (caller.kind !== "subnet" || !hasServiceEndpoint(resources, caller.subnetId, service)) return false;
  return (acls.virtualNetworkRules ?? []).some(({ id = "" }) => sameId(id, caller.subnetId));
}

/** True if only private endpoints lead to the service. */
export function isClosedToPublic({ properties }: Pick<ArmResource, "properties">): boolean {
  return /^disabled$/i.test(String(properties.publicNetworkAccess ?? "Enabled"));
}

/** True if the subnet shows itself to the service. */
export function hasServiceEndpoint(resources: ResourceStore, subnetId: string, service: string): boolean {
  const endpoints = (resources.get(subnetId)?.properties.serviceEndpoints ?? []) as readonly {
    readonly service?: string;
  }[];
  return endpoints.some((endpoint) => sameId(endpoint.service ?? "", service));
}
