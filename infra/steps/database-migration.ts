import type * as mssql from "mssql";
import type { DatabaseUser } from "../../database/migrate";
import { refuseRewrittenHistory } from "../../database/migration-plan";
import { QtError } from "../../errors/qt-error";
import { reasonOf } from "../../packages/kit/reason-of";
import type { TenantSettings } from "../config-schema";
import type { DatasetSettings } from "../dataset-schema";
import { type AzureSession, orAbsent } from "./azure-session";
import { refuseMovedRows } from "./dataset-history";
import { closeLeftOpen, type OpenFirewall, openRules, refuseToOpen, throughFirewall } from "./open-firewall";
import { NotSeen, type StepDefinition } from "./step-definition";

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
  /** The server is not the stack's: its firewall stays as it is. */
  readonly keepsFirewall?: true;
  /** Only of a refresh: firewall rules that a killed deployment left open. The next run removes them. */
  readonly openFirewallRules?: readonly string[];
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
    const run = (onFirewall: OpenFirewall) =>
      migrate({ connect, datasets, unknownDatasets, retention, users, progress, onFirewall });
    try {
      if (inputs.keepsFirewall) await run(refuseToOpen(inputs));
      else {
        await closeLeftOpen(inputs.serverId, azure);
        await throughFirewall(inputs, azure, run);
      }
    } catch (error) {
      throw outsideOfNetwork(inputs, error) ?? error;
    }
    return { result: { files: Object.keys(inputs.files).length } };
  },
  async read(inputs, azure) {
    const { serverId, database } = inputs;
    const id = `${serverId}/databases/${database}`;
    const found = await orAbsent(azure.arm<LiveDatabase>("GET", id, { apiVersion: "2023-08-01" }));
    if (found === undefined) return undefined;
    const left = inputs.keepsFirewall ? [] : await openRules(serverId, azure);
    if (left.length > 0) return { ...inputs, openFirewallRules: left };
    // A connection would wake it, and Azure bills what is awake.
    if (found.properties?.status === "Paused") return inputs;
    return { ...inputs, files: await liveFiles(inputs, azure) };
  },
};

/** QT1267 if the server refused a connection because it has no public way (47073); else undefined. */
export function outsideOfNetwork(
  { server, database }: Pick<DatabaseMigrationInputs, "server" | "database">,
  error: unknown,
): QtError | undefined {
  const { errorChain } = require("../../database/transience") as typeof import("../../database/transience");
  const refusal = errorChain(error).find(({ message }) => /deny public network access/i.test(message));
  return refusal && new QtError("QT1267", { server, database, reason: refusal.message }, { cause: error });
}

interface LiveDatabase {
  readonly properties?: { readonly status?: string };
}

/** The checksums that the database's journal has of the files that ran. The firewall stays as it is. @throws NotSeen */
async function liveFiles(
  { server, database, files }: DatabaseMigrationInputs,
  azure: AzureSession,
): Promise<DatabaseMigrationInputs["files"]> {
  const { appliedFiles } = require("../../database/migrate") as typeof import("../../database/migrate");
  const applied = await appliedFiles(connection(server, database, await azure.sqlToken())).catch(
    (error: unknown) => {
      throw new NotSeen(`${server}/${database}: ${reasonOf(error)}`, { cause: error });
    },
  );
  const journal = new Map(applied.map(({ name, checksum }) => [name, checksum]));
  return Object.fromEntries(
    Object.keys(files).flatMap((name) => {
      const checksum = journal.get(name);
      return checksum === undefined ? [] : [[name, checksum]];
    }),
  );
}

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
