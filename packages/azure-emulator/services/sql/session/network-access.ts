import type { LocalContext } from "../../../control-plane/local-service";
import { addressNumber } from "../../../control-plane/network/address-range";
import { AZURE_IP, type Caller, publicAddress } from "../../../control-plane/network/callers";
import { hasServiceEndpoint, isClosedToPublic } from "../../../control-plane/network/network-acls";
import { wayTo } from "../../../control-plane/network/reach";
import { type ArmResource, sameId } from "../../../control-plane/resource";
import type { AzureRule, RuleArea } from "../../../control-plane/rules/azure-rule";
import { SqlServerError } from "./sql-server-error";

const test = (title: string) => ["services/sql/network-access.itest.ts", title] as const;
const SQL = "https://learn.microsoft.com/azure/azure-sql/database";

export const sqlNetworkRules = {
  area: "Reaching a SQL server",
  rules: {
    denied: {
      what: "With `publicNetworkAccess: Disabled`, only what comes by an approved private endpoint logs in.",
      source: `${SQL}/connectivity-settings#deny-public-network-access`,
      answer: { code: 47073 },
      test: test("lets in what comes by an approved private endpoint only"),
    },
    firewall: {
      what: "An address logs in if a firewall rule has it; `0.0.0.0` to `0.0.0.0` has those of Azure. A subnet needs a virtual network rule and the service endpoint `Microsoft.Sql`.",
      source: `${SQL}/firewall-configure; ${SQL}/vnet-service-endpoint-rule-overview; ${SQL}/troubleshoot-common-errors-issues`,
      answer: { code: 40615 },
      test: test("asks its firewall about what comes by the public address"),
      toggle: "sqlFirewall",
    },
  },
} satisfies RuleArea<Readonly<Record<string, AzureRule>>>;

/** The server's address leads nowhere from there: the connection ends without an answer. */
export class NoRouteError extends Error {
  override readonly name = "NoRouteError";
  constructor(server: string) {
    super(
      `A network-related or instance-specific error occurred while establishing a connection to SQL Server '${server}'. The server was not found or was not accessible.`,
    );
  }
}

/** @throws SqlServerError 47073 or 40615, NoRouteError */
export function requireReachable(
  { resources, settings }: Pick<LocalContext, "resources" | "settings">,
  server: ArmResource,
  caller: Caller,
): void {
  const disabled = isClosedToPublic(server);
  const firewall = settings.sqlFirewall === true;
  if (!disabled && !firewall && caller.kind !== "subnet") return;
  const way = wayTo(resources, caller, server, "sqlServer");
  if (way === "private") return;
  if (way === "nowhere") throw new NoRouteError(server.name);
  if (disabled) throw publicAccessDenied();
  if (firewall && !isListed({ resources }, server, caller))
    throw addressRefused(server.name, publicAddress(caller));
}

function isListed(
  { resources }: Pick<LocalContext, "resources">,
  server: ArmResource,
  caller: Caller,
): boolean {
  if (caller.kind === "subnet" && hasServiceEndpoint(resources, caller.subnetId, "Microsoft.Sql"))
    return resources
      .list({ type: "Microsoft.Sql/servers/virtualNetworkRules", under: server.id })
      .some(({ properties }) => sameId(String(properties.virtualNetworkSubnetId), caller.subnetId));
  const address = publicAddress(caller);
  return resources
    .list({ type: "Microsoft.Sql/servers/firewallRules", under: server.id })
    .some(({ properties: { startIpAddress, endIpAddress } }) =>
      startIpAddress === "0.0.0.0" && endIpAddress === "0.0.0.0"
        ? address === AZURE_IP
        : isBetween(address, String(startIpAddress), String(endIpAddress)),
    );
}

function isBetween(address: string, first: string, last: string): boolean {
  const [number, low, high] = [address, first, last].map(addressNumber);
  return number !== undefined && low !== undefined && high !== undefined && low <= number && number <= high;
}

function publicAccessDenied(): SqlServerError {
  return new SqlServerError(
    47073,
    "Connection was denied because Deny Public Network Access is set to Yes. " +
      "To connect to this server, use the Private Endpoint from inside your virtual network.",
    { class: 14 },
  );
}

function addressRefused(server: string, address: string): SqlServerError {
  return new SqlServerError(
    40615,
    `Cannot open server '${server}' requested by the login. Client with IP address '${address}' is not allowed to access the server. ` +
      "To enable access, use the Azure Management Portal or run sp_set_firewall_rule on the master database to create a firewall rule for this IP address or address range. " +
      "It may take up to five minutes for this change to take effect.",
    { class: 14 },
  );
}
