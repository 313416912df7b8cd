import { join } from "node:path";
import type { LocalContext } from "../../arm/local-service";
import { PostgresSqlService } from "./postgres-sql-service";
import type { SqlService } from "./sql-service";

export type { CopyCsvRequest, CopyCsvResult, SqlService } from "./sql-service";

export interface SqlServiceOptions {
  /** Folder with `tsql` and `postgres`; the project's by default. */
  readonly databaseFolder?: string;
}

/** Azure SQL of the stand-in: Microsoft.Sql resources, a TDS port a server, the copy activity's sink and the query URL. */
export function createSqlService(context: LocalContext, options: SqlServiceOptions = {}): SqlService {
  const folder = options.databaseFolder ?? join(__dirname, "..", "..", "..", "database");
  return new PostgresSqlService(context, folder);
}
