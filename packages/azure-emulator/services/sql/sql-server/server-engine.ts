import type { ConnectionPool } from "mssql";

/** The properties of a server's engine on which the emulator's behaviour depends. */
export interface ServerEngine {
  readonly kind: "sql-server" | "azure-sql" | "babelfish";
  /** The name for people. */
  readonly title: string;
  /** True if identities become database users. */
  readonly hasUsers: boolean;
  /** True if an identity can have a separate login with the SID of its user. */
  readonly hasOwnLogins: boolean;
}

interface Properties {
  readonly babelfish: string | null;
  /** 5: Azure SQL Database. */
  readonly edition: number;
  readonly version: string;
}

const readProperties = `
  select cast(serverproperty(N'BabelfishVersion') as nvarchar(128)) as babelfish,
         cast(serverproperty(N'EngineEdition') as int) as edition,
         cast(serverproperty(N'ProductVersion') as nvarchar(128)) as version`;

export async function serverEngine(pool: ConnectionPool): Promise<ServerEngine> {
  const { recordset } = await pool.request().query<Properties>(readProperties);
  return describeEngine(recordset[0] ?? { babelfish: null, edition: 0, version: "" });
}

export function describeEngine({ babelfish, edition, version }: Properties): ServerEngine {
  if (babelfish !== null) {
    return { kind: "babelfish", title: `Babelfish ${babelfish}`, hasUsers: false, hasOwnLogins: false };
  }
  // In Azure SQL, the SIDs of logins have another form than those of Entra users.
  if (edition === 5)
    return { kind: "azure-sql", title: "Azure SQL Database", hasUsers: true, hasOwnLogins: false };
  return { kind: "sql-server", title: `SQL Server ${version}`, hasUsers: true, hasOwnLogins: true };
}
