import type { LocalContext } from "../../control-plane/local-service";
import { AzureSqlService } from "./azure-sql-service";
import { EmbeddedPostgres } from "./postgres/embedded-postgres";
import { PostgresBackend } from "./postgres/postgres-backend";
import type { SqlBackend } from "./sql-backend";
import type { ServerRecord } from "./sql-server/server-record";
import type { SqlService, UserOfCall } from "./sql-service";

export { type ServerNames, ServerRecord } from "./sql-server/server-record";
export type { CopyCsvRequest, CopyCsvResult, ProcedureCall, SqlService, UserOfCall } from "./sql-service";

export interface SqlServiceOptions {
  /** The folder with `tsql` and `postgres`: the T-SQL files that may run, and their PostgreSQL twins. Without it, none may run. */
  readonly databaseFolder?: string;
  /** On a SQL Server: recognizes the calls that make an identity a database user; the identity gets a login first. */
  readonly userOf?: UserOfCall;
  /** A real SQL Server in place of the embedded PostgreSQL. */
  readonly server?: ServerRecord | undefined;
}

/** Azure SQL of the emulator: Microsoft.Sql resources, a TDS port for each server, the copy activity's sink and the query URL. */
export function createSqlService(context: LocalContext, options: SqlServiceOptions = {}): SqlService {
  const postgres = new EmbeddedPostgres(context);
  const backend =
    options.server === undefined
      ? new PostgresBackend(context, postgres, options.databaseFolder)
      : onServer(context, options.server, options.userOf ?? (() => undefined));
  return new AzureSqlService(context, backend, postgres);
}

/** Loaded only if needed: the driver takes a while to load. */
function onServer(context: LocalContext, record: ServerRecord, userOf: UserOfCall): SqlBackend {
  const { SqlServerBackend } =
    require("./sql-server/sql-server-backend") as typeof import("./sql-server/sql-server-backend");
  return new SqlServerBackend(context, record, userOf);
}
