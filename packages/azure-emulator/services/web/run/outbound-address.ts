import type { LocalContext } from "../../../control-plane/local-service";
import type { Caller } from "../../../control-plane/network/callers";
import type { ArmResource } from "../../../control-plane/resource";

/** From where a site calls: its subnet, or Azure's public addresses. On Flex Consumption an integrated app sends everything through its subnet. */
export function callerOfSite({ properties }: Pick<ArmResource, "properties">): Caller {
  const subnetId = properties.virtualNetworkSubnetId;
  return typeof subnetId === "string" && subnetId !== "" ? { kind: "subnet", subnetId } : { kind: "azure" };
}

/** The loopback address from which a site connects; undefined for this machine's own. @throws EmulatorError QT6150 */
export async function outboundAddress(
  { callers, settings }: Pick<LocalContext, "callers" | "settings">,
  site: Pick<ArmResource, "properties">,
): Promise<string | undefined> {
  const caller = callerOfSite(site);
  // Only servers with a firewall tell Azure's addresses from others.
  if (caller.kind === "azure" && settings.sqlFirewall !== true) return undefined;
  return callers.addressOf(caller);
}
