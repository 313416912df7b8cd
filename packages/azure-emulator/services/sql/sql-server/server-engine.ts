import type { ConnectionPool } from "mssql";

/** What answers at the server's address, as far as the emulator behaves differently. */
export interface ServerEngine {
  readonly kind: "sql-server" | "azure-sql" | "babelfish";
  /** As people call it. */
  readonly title: string;
  /** Identities become users there. */
  readonly hasUsers: boolean;
  /** An identity can have a login of its own, with the SID that its user has. */
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
  // Azure SQL's SIDs of logins have another form than the ones of its Entra users.
  if (edition === 5)
    return { kind: "azure-sql", title: "Azure SQL Database", hasUsers: true, hasOwnLogins: false };
  return { kind: "sql-server", title: `SQL Server ${version}`, hasUsers: true, hasOwnLogins: true };
}
