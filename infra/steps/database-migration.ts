import type * as mssql from "mssql";
import type { DatabaseUser } from "../../database/migrate";
import { refuseRewrittenHistory } from "../../database/migration-plan";
import type { TenantSettings } from "../config-schema";
import type { DatasetSettings } from "../dataset-schema";
import { refuseMovedRows } from "./dataset-history";
import { throughFirewall } from "./open-firewall";
import type { StepDefinition } from "./step-definition";

export interface DatabaseMigrationInputs {
  readonly serverId: string;
  /** Host name, with `,port` if the port is not 1433. */
  readonly server: string;
  readonly database: string;
  /** Checksums of the files in database/tsql, by name. A changed or new file runs the migration again, and a preview lists it. */
  readonly files: Readonly<Record<string, string>>;
  /** The datasets as passed to qt.configure, with every setting: none is left to the database's defaults. */
  readonly datasets: readonly DatasetSettings[];
  readonly unknownDatasets: TenantSettings["unknownDatasets"];
  /** Absent if the tenant does not set it. */
  readonly retention?: TenantSettings["retention"];
  readonly users: readonly DatabaseUser[];
}

/** Brings tables, procedures, users and datasets up to date, signed in as the deployer. Nothing to remove (see deletedWith). */
export const databaseMigration: StepDefinition<DatabaseMigrationInputs, { readonly files: number }> = {
  replaceOn: ["serverId", "database"],
  check({ files, datasets }, { files: applied = {}, datasets: configured = [] }) {
    const named = Object.entries(files).map(([name, checksum]) => ({ name, checksum }));
    refuseRewrittenHistory(named, new Map(Object.entries(applied)));
    refuseMovedRows(datasets, configured);
  },
  async ensure(inputs, azure) {
    const { server, database, datasets, unknownDatasets, retention, users } = inputs;
    // Loaded only when it runs: a diff does not need the driver.
    const { migrate } = require("../../database/migrate") as typeof import("../../database/migrate");
    const token = await azure.sqlToken();
    const connect = connection(server, database, token);
    // Pulumi shows what a provider writes; standard output belongs to the engine, or to `--json`.
    const progress = (line: string) => void process.stderr.write(`${line}\n`);
    await throughFirewall(inputs, azure, (onFirewall) =>
      migrate({ connect, datasets, unknownDatasets, retention, users, progress, onFirewall }),
    );
    return { result: { files: Object.keys(inputs.files).length } };
  },
};

/** SQL Server's notation `host[,port]` as the driver takes it. */
export function connection(server: string, database: string, token: string): mssql.config {
  const [host = server, port = "1433"] = server.split(",");
  return {
    server: host,
    port: Number(port),
    database,
    authentication: { type: "azure-active-directory-access-token", options: { token } },
    options: { encrypt: true, trustServerCertificate: false, appName: "quantemplate-migration" },
  };
}
