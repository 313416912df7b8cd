import * as sql from "@pulumi/azure-native/sql";
import * as pulumi from "@pulumi/pulumi";
import { pairedRegion } from "../packages/azure-resource-types";
import type { TenantSettings } from "./config-schema";
import type { Placement } from "./placement";
import { nameOf, steady } from "./steady";
import { Step } from "./steps/step";

export interface SqlArgs extends Placement {
  readonly serverName: pulumi.Input<string>;
  readonly tenantId: pulumi.Input<string>;
  readonly admin: TenantSettings["sqlAdmin"];
  readonly sizing: TenantSettings["sql"];
  readonly protect: boolean;
}

const DATABASE_NAME = "quantemplate";
const TIERS = {
  GP_S: "GeneralPurpose",
  GP: "GeneralPurpose",
  BC: "BusinessCritical",
  HS: "Hyperscale",
} as const;
const GIGABYTE = 1024 ** 3;

/** An Entra-only server with the tenant's database. */
export class Sql extends pulumi.ComponentResource {
  readonly server: sql.Server;
  readonly database: sql.Database;
  readonly databaseName: pulumi.Output<string>;
  /** The server's host name. */
  readonly host: pulumi.Output<string>;
  /** Whoever signs in as the administrator waits for it. */
  readonly administrator: Step<"sql-administrator">;

  constructor(name: string, args: SqlArgs, options?: pulumi.ComponentResourceOptions) {
    super("quantemplate:azure:Sql", name, {}, options);
    const { resourceGroupName, location, tags } = args;
    this.server = new sql.Server(
      name,
      {
        resourceGroupName,
        location,
        tags,
        serverName: args.serverName,
        version: "12.0",
        minimalTlsVersion: "1.2",
        publicNetworkAccess: "Enabled",
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
    const serverName = nameOf(this.server, args.serverName);
    this.administrator = new Step(
      `${name}-administrator`,
      "sql-administrator",
      {
        serverId: this.server.id,
        login: args.admin.login,
        objectId: args.admin.objectId,
        tenantId: args.tenantId,
      },
      { parent: this, deletedWith: this.server },
    );
    this.host = steady(
      this.server.fullyQualifiedDomainName,
      this.server,
      async ({ resourceGroupName, name: serverName }) =>
        (await sql.getServer({ resourceGroupName, serverName })).fullyQualifiedDomainName,
    );
    this.database = new sql.Database(
      `${name}-database`,
      {
        resourceGroupName,
        location,
        tags,
        serverName,
        databaseName: DATABASE_NAME,
        ...databaseSize(args.sizing, location),
      },
      {
        parent: this,
        protect: args.protect,
        // Azure sets the redundancy of a Hyperscale database at its creation only.
        ignoreChanges: args.sizing.skuName === "HS_Gen5" ? ["requestedBackupStorageRedundancy"] : [],
      },
    );
    this.databaseName = nameOf(this.database, DATABASE_NAME);
    // A waiver: it allows every address inside Azure, even those of other customers, because the addresses of Data Factory and
    // Flex Consumption are not known. Only the two identities and the administrator can log in, with Entra tokens.
    new sql.FirewallRule(
      `${name}-azure-services`,
      {
        resourceGroupName,
        serverName,
        firewallRuleName: "AllowAllWindowsAzureIps",
        startIpAddress: "0.0.0.0",
        endIpAddress: "0.0.0.0",
      },
      { parent: this },
    );
    this.registerOutputs({ server: this.host, database: this.databaseName });
  }
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
    requestedBackupStorageRedundancy: sizing.backupRedundancy ?? (pairedRegion(location) ? "Geo" : "Zone"),
    ...serverless,
  };
}
