import { join } from "node:path";
import type { LocalContext } from "../../control-plane/local-service";
import { AzureSqlService } from "./azure-sql-service";
import { EmbeddedPostgres } from "./postgres/embedded-postgres";
import { PostgresBackend } from "./postgres-backend";
import type { SqlBackend } from "./sql-backend";
import type { ServerRecord } from "./sql-server/server-record";
import type { SqlService } from "./sql-service";

export { ServerRecord } from "./sql-server/server-record";
export type { CopyCsvRequest, CopyCsvResult, SqlService } from "./sql-service";

export interface SqlServiceOptions {
  /** Folder with `tsql` and `postgres`; the project's by default. */
  readonly databaseFolder?: string;
  /** A real SQL Server in place of the embedded PostgreSQL. */
  readonly server?: ServerRecord | undefined;
}

/** Azure SQL of the stand-in: Microsoft.Sql resources, a TDS port a server, the copy activity's sink and the query URL. */
export function createSqlService(context: LocalContext, options: SqlServiceOptions = {}): SqlService {
  const folder = options.databaseFolder ?? join(__dirname, "..", "..", "..", "..", "database");
  const postgres = new EmbeddedPostgres(context);
  const backend =
    options.server === undefined
      ? new PostgresBackend(context, postgres, folder)
      : onServer(context, options.server);
  return new AzureSqlService(context, backend, postgres);
}

/** Loaded where it is needed: the driver takes a while. */
function onServer(context: LocalContext, record: ServerRecord): SqlBackend {
  const { SqlServerBackend } = require("./sql-server-backend") as typeof import("./sql-server-backend");
  return new SqlServerBackend(context, record);
}
