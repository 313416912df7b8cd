import type { LocalContext, LocalService } from "../../control-plane/local-service";
import { callerRoute } from "./caller-route";
import { dnsTypes } from "./dns";
import { dnsZoneGroupType } from "./dns-zone-group";
import { managedNetworkTypes } from "./managed-endpoints";
import { privateEndpointType } from "./private-endpoint";
import { securityGroupType } from "./security-group";
import { connectionTypes } from "./service-connections";
import { subnetType, virtualNetworkType } from "./virtual-network";

/** Virtual networks, private endpoints and DNS zones. `control-plane/network/reach.ts` says what they make reachable. */
export function createNetworkService(context: LocalContext): LocalService {
  const { resources } = context;
  return {
    name: "network",
    resourceTypes: [
      securityGroupType(resources),
      virtualNetworkType(resources),
      subnetType(resources),
      ...dnsTypes(resources),
      privateEndpointType(context),
      dnsZoneGroupType(resources),
      ...connectionTypes(context),
      ...managedNetworkTypes(resources),
    ],
    routes: (app) => callerRoute(app, context),
  };
}
