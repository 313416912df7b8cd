import { migrate } from "../../database/migrate";
import { throughFirewall } from "./open-firewall";
import type { StepDefinition } from "./step-definition";

export interface DatabaseMigrationInputs {
  readonly serverId: string;
  /** Host name, with `,port` where it is not 1433. */
  readonly server: string;
  readonly database: string;
  /** Hash of database/tsql: a changed script migrates again. */
  readonly scripts: string;
  readonly datasets: readonly MigratedDataset[];
  readonly unknownDatasets: "ignore" | "land";
  readonly users: readonly {
    readonly name: string;
    readonly clientId: string;
    readonly role: "loader" | "reader";
  }[];
}

/** A dataset as the tenant's configuration says it. */
export interface MigratedDataset {
  readonly id: string;
  readonly table: string;
  readonly keyColumns: readonly string[];
  readonly types: Readonly<Record<string, { readonly type: string; readonly onError: "fail" | "null" }>>;
  readonly guards: { readonly maxShrinkPercent: number; readonly allowEmpty: boolean };
}

/** Brings tables, procedures, users and datasets up to date, signed in as the deployer. Nothing to remove: see deletedWith. */
export const databaseMigration: StepDefinition<DatabaseMigrationInputs, { readonly scripts: string }> = {
  replaceOn: ["serverId", "database"],
  async ensure(inputs, azure) {
    const { server, database, datasets, unknownDatasets, users } = inputs;
    await throughFirewall(inputs, azure, async () => {
      const token = await azure.sqlToken();
      const [host = server, port] = server.split(",");
      await migrate({
        connect: {
          server: host,
          ...(port === undefined ? {} : { port: Number(port) }),
          database,
          authentication: { type: "azure-active-directory-access-token", options: { token } },
          options: { encrypt: true },
        },
        datasets,
        unknownDatasets,
        users,
      });
    });
    return { result: { scripts: inputs.scripts } };
  },
};
