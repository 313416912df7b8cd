import * as pulumi from "@pulumi/pulumi";
import { readMigrationFiles } from "../database/migration-files";
import type { TenantSettings } from "./config-schema";
import type { DatasetSettings } from "./dataset-schema";
import type { Sql } from "./sql";
import { Step } from "./steps/step";

export interface DatabaseArgs {
  readonly sql: Sql;
  readonly datasets: readonly DatasetSettings[];
  readonly unknownDatasets: TenantSettings["unknownDatasets"];
  readonly retention: TenantSettings["retention"];
  /** What the way to the database needs. */
  readonly after: readonly pulumi.Resource[];
  /** The identities that get a user, each with one of the database's two roles. */
  readonly users: readonly {
    readonly name: pulumi.Input<string>;
    readonly clientId: pulumi.Input<string>;
    readonly role: "loader" | "reader";
  }[];
}

/** The migration of tables, procedures, users and the tenant's datasets. It runs again whenever one of them changes. */
export function migrateDatabase(
  name: string,
  { sql, datasets, unknownDatasets, retention, users, after }: DatabaseArgs,
  options?: pulumi.CustomResourceOptions,
): Step<"database-migration"> {
  return new Step(
    name,
    "database-migration",
    {
      serverId: sql.server.id,
      server: sql.server.host,
      database: sql.databaseName,
      files: Object.fromEntries(readMigrationFiles().map(({ name, checksum }) => [name, checksum])),
      datasets: [...datasets],
      unknownDatasets,
      ...(retention === undefined ? {} : { retention }),
      users: [...users],
      ...(sql.own === undefined && { keepsFirewall: true as const }),
    },
    // The tables go with the database, so nothing has to be undone first.
    pulumi.mergeOptions(options, {
      deletedWith: sql.database,
      dependsOn: [...(sql.administrator ? [sql.administrator] : []), ...after],
    }),
  );
}
