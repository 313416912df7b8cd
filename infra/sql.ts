import * as sql from "@pulumi/azure-native/sql";
import * as pulumi from "@pulumi/pulumi";
import { pairedRegion } from "../packages/azure-resource-types";
import type { TenantSettings } from "./config-schema";
import type { ExistingResource } from "./existing/existing";
import type { Placement } from "./placement";
import { nameOf, steady } from "./steady";
import { Step } from "./steps/step";

export interface SqlArgs extends Placement {
  readonly serverName: pulumi.Input<string>;
  /** The server that is used instead of one that is made, and the pool on it. */
  readonly existing: ExistingResource | undefined;
  readonly elasticPool: ExistingResource | undefined;
  readonly databaseName: pulumi.Input<string>;
  /** True if the server is reached from the private network only. */
  readonly isPrivate: boolean;
  readonly tenantId: pulumi.Input<string>;
  readonly admin: TenantSettings["sqlAdmin"];
  readonly sizing: TenantSettings["sql"];
  readonly protect: boolean;
  /** Of a generation after the first: id of the database of which it was made as a copy; undefined once that is gone. */
  readonly copy?: { readonly of: pulumi.Input<string> | undefined };
  /** The tenant moves away from it: its size stays as it is. */
  readonly isFormer?: true;
}

/** The server, whoever made it. */
interface ServerPlace {
  readonly id: pulumi.Output<string>;
  readonly name: pulumi.Output<string>;
  readonly resourceGroupName: pulumi.Input<string>;
  /** The server's host name. */
  readonly host: pulumi.Output<string>;
}

export const DATABASE_NAME = "quantemplate";
const TIERS = {
  GP_S: "GeneralPurpose",
  GP: "GeneralPurpose",
  BC: "BusinessCritical",
  HS: "Hyperscale",
} as const;
const GIGABYTE = 1024 ** 3;
/** The properties of a database that set its size. */
const SIZE = [
  "autoPauseDelay",
  "elasticPoolId",
  "maxSizeBytes",
  "minCapacity",
  "requestedBackupStorageRedundancy",
  "sku",
];

/** The tenant's database, on an Entra-only server. */
export class Sql extends pulumi.ComponentResource {
  readonly server: ServerPlace;
  /** The server as it is made here; undefined if it is not the tenant's: administrator, firewall and auditing are its owner's. */
  readonly own: sql.Server | undefined;
  readonly database: sql.Database;
  readonly databaseName: pulumi.Output<string>;
  /** Whoever signs in as the administrator waits for it. */
  readonly administrator: Step<"sql-administrator"> | undefined;

  constructor(name: string, args: SqlArgs, options?: pulumi.ComponentResourceOptions) {
    super("quantemplate:azure:Sql", name, {}, options);
    if (args.existing) this.server = { ...args.existing, host: args.existing.fact("host") };
    else {
      const server = this.ownServer(name, args);
      this.own = server;
      const { resourceGroupName } = args;
      const serverName = nameOf(server, args.serverName);
      this.server = { id: server.id, name: serverName, resourceGroupName, host: hostOf(server) };
      this.administrator = this.keptAdministrator(name, server, args);
      if (!args.isPrivate) this.openToAzure(name, args);
    }
    this.database = this.tenantDatabase(name, args);
    this.databaseName = nameOf(this.database, args.databaseName);
    this.registerOutputs({ server: this.server.host, database: this.databaseName });
  }

  private ownServer(name: string, args: SqlArgs): sql.Server {
    const { resourceGroupName, location, tags } = args;
    return new sql.Server(
      name,
      {
        resourceGroupName,
        location,
        tags,
        serverName: args.serverName,
        version: "12.0",
        minimalTlsVersion: "1.2",
        publicNetworkAccess: args.isPrivate ? "Disabled" : "Enabled",
        // For the creation only: a server without it would take passwords until the step below has run.
        administrators: {
          administratorType: "ActiveDirectory",
          azureADOnlyAuthentication: true,
          login: args.admin.login,
          principalType: args.admin.principalType,
          sid: args.admin.objectId,
          tenantId: args.tenantId,
        },
      },
      // Afterwards it says what was true then, and a change of it would replace the server.
      { parent: this, ignoreChanges: ["administrators"] },
    );
  }

  private keptAdministrator(name: string, server: sql.Server, { admin, tenantId }: SqlArgs) {
    return new Step(
      `${name}-administrator`,
      "sql-administrator",
      { serverId: server.id, login: admin.login, objectId: admin.objectId, tenantId },
      { parent: this, deletedWith: server },
    );
  }

  /**
   * A waiver: it allows every address inside Azure, even those of other customers, because the addresses of Data Factory and Flex
   * Consumption are not known. Only the two identities and the administrator can log in, with Entra tokens.
   */
  private openToAzure(name: string, { resourceGroupName }: SqlArgs): void {
    new sql.FirewallRule(
      `${name}-azure-services`,
      {
        resourceGroupName,
        serverName: this.server.name,
        firewallRuleName: "AllowAllWindowsAzureIps",
        startIpAddress: "0.0.0.0",
        endIpAddress: "0.0.0.0",
      },
      { parent: this },
    );
  }

  private tenantDatabase(name: string, args: SqlArgs): sql.Database {
    const { location, tags, elasticPool, sizing } = args;
    return new sql.Database(
      `${name}-database`,
      {
        resourceGroupName: this.server.resourceGroupName,
        location,
        tags,
        serverName: this.server.name,
        databaseName: args.databaseName,
        ...(elasticPool
          ? // The pool has the size.
            { elasticPoolId: elasticPool.id, ...backups(sizing, location) }
          : databaseSize(sizing, location)),
        ...(args.copy?.of !== undefined && { createMode: "Copy", sourceDatabaseId: args.copy.of }),
      },
      {
        parent: this,
        protect: args.protect,
        ignoreChanges: [
          // Azure sets the redundancy of a Hyperscale database at its creation only.
          ...(!elasticPool && sizing.skuName === "HS_Gen5" ? ["requestedBackupStorageRedundancy"] : []),
          // How it was made stays, when what it was made of is gone.
          ...(args.copy ? ["createMode", "sourceDatabaseId"] : []),
          ...(args.isFormer ? SIZE : []),
        ],
      },
    );
  }
}

function hostOf(server: sql.Server): pulumi.Output<string> {
  return steady(
    server.fullyQualifiedDomainName,
    server,
    async ({ resourceGroupName, name: serverName }) =>
      (await sql.getServer({ resourceGroupName, serverName })).fullyQualifiedDomainName,
  );
}

/** The arguments that set a database's size. */
export function databaseSize(sizing: TenantSettings["sql"], location: string) {
  const { maxSizeGb } = sizing;
  const edition = sizing.skuName.replace(/_Gen5$/, "") as keyof typeof TIERS;
  const serverless =
    edition === "GP_S" ? { autoPauseDelay: sizing.autoPauseDelay, minCapacity: sizing.minCapacity } : {};
  return {
    sku: { name: sizing.skuName, tier: TIERS[edition], family: "Gen5", capacity: sizing.capacity },
    ...(maxSizeGb === undefined ? {} : { maxSizeBytes: maxSizeGb * GIGABYTE }),
    ...backups(sizing, location),
    ...serverless,
  };
}

/** Where backups are kept: each database's own, in a pool too. */
function backups({ backupRedundancy }: TenantSettings["sql"], location: string) {
  return { requestedBackupStorageRedundancy: backupRedundancy ?? (pairedRegion(location) ? "Geo" : "Zone") };
}
