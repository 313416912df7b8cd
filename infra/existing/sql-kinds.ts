import { sqlPoolSize } from "../../packages/azure-resource-types";
import {
  type Around,
  faultIf,
  type Kind,
  type LiveResource,
  makerOf,
  property,
  same,
  textOf,
  type Wanted,
} from "./kind";

const apiVersion = "2023-08-01";
/** In the order of strength. */
const PROTOCOLS = ["None", "1.0", "1.1", "1.2"];
const EVERYTHING_IN_AZURE = "0.0.0.0";

/** A server and a pool of it. */
export const sqlKinds = {
  sqlServer: {
    type: "Microsoft.Sql/servers",
    apiVersion,
    inRegion: true,
    inSubscription: true,
    needs: ({ isPrivate }) => [
      "Microsoft.Sql/servers/databases/write",
      ...(isPrivate ? ["Microsoft.Sql/servers/privateEndpointConnectionsApproval/action"] : []),
    ],
    around: (id, { isPrivate }) => (isPrivate ? {} : { firewall: { id: `${id}/firewallRules`, apiVersion } }),
    facts: (server) => ({ host: textOf(server, "fullyQualifiedDomainName") }),
    faults: (server, wanted, around) => [
      administratorFault(server, wanted.sqlAdmin),
      protocolFault(server),
      ...(wanted.isPrivate ? [] : publicFaults(server, around)),
    ],
  },
  elasticPool: {
    type: "Microsoft.Sql/servers/elasticPools",
    apiVersion,
    inRegion: true,
    inSubscription: true,
    around: (id) => ({ databases: { id: `${id}/databases`, apiVersion } }),
    faults: (pool, wanted, around) => [
      faultIf(textOf(pool, "state") === "Disabled", "is disabled"),
      fullFault(pool, wanted, around),
    ],
  },
} as const satisfies Readonly<Record<string, Kind>>;

function administratorFault(server: LiveResource, wanted: string): string | undefined {
  const { sid } = Object(property(server, "administrators")) as { sid?: unknown };
  if (typeof sid !== "string") return "has no Microsoft Entra administrator";
  return faultIf(
    !same(sid, wanted),
    `has the administrator ${sid}, and the setting sqlAdmin names ${wanted}`,
  );
}

/** Data Factory and the function speak 1.2; 1.3 needs TDS 8 (learn.microsoft.com/azure/azure-sql/database/connectivity-settings). */
function protocolFault(server: LiveResource): string | undefined {
  const least = textOf(server, "minimalTlsVersion");
  if (least === "1.3")
    return "has the minimalTlsVersion 1.3, which keeps out Data Factory and the function: they speak 1.2";
  return faultIf(
    PROTOCOLS.indexOf(least) < PROTOCOLS.length - 1 && PROTOCOLS.includes(least),
    `has the minimalTlsVersion ${least}, and data may not travel with less than 1.2`,
  );
}

/** What keeps out a tenant that comes over the public address. */
function publicFaults(server: LiveResource, { firewall }: Around): (string | undefined)[] {
  const access = textOf(server, "publicNetworkAccess");
  if (access !== "" && access !== "Enabled")
    return [
      `has publicNetworkAccess ${access}, and the tenant comes over the public address: set network: private`,
    ];
  const opens = firewall?.value?.some((rule) => textOf(rule, "startIpAddress") === EVERYTHING_IN_AZURE);
  return [
    faultIf(
      opens === false,
      "has no firewall rule that begins at 0.0.0.0, so that Data Factory and the function cannot connect: allow Azure's services",
    ),
  ];
}

/** The tenant's own database, which is in it already, is not counted. */
function fullFault(pool: LiveResource, { stack }: Wanted, { databases }: Around): string | undefined {
  const most = sqlPoolSize(pool.sku ?? {})?.maxDatabases;
  const others = databases?.value?.filter((database) => makerOf(database) !== stack).length;
  return most !== undefined && others !== undefined && others >= most
    ? `has ${others} databases, and its size takes ${most}`
    : undefined;
}
