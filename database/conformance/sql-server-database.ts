import { randomBytes } from "node:crypto";
import mssql from "mssql";
import type { EmptyDatabase } from "./migration-suite";

/** An empty database on a SQL Server, with a unique name. */
export interface SqlServerDatabase extends EmptyDatabase {
  readonly connect: mssql.config;
  readonly isBabelfish: boolean;
  drop(): Promise<void>;
}

/**
 * Creates it with the collation of `SQLSERVER_COLLATION`, or the server's.
 * @param url `mssql://user:password@host:port` of a login that may create databases
 */
export async function newSqlServerDatabase(url: string): Promise<SqlServerDatabase> {
  const name = `qt_conformance_${randomBytes(6).toString("hex")}`;
  const onServer = <T>(work: (pool: mssql.ConnectionPool) => Promise<T>) =>
    withPool(settings(url, "master"), work);
  const collation = process.env.SQLSERVER_COLLATION;
  if (collation && !/^\w+$/.test(collation)) throw new Error(`"${collation}" is not the name of a collation`);
  const isBabelfish = await onServer(async (pool) => {
    await pool.request().batch(`create database ${name}${collation ? ` collate ${collation}` : ""}`);
    const { recordset } = await pool.request().query("select serverproperty(N'BabelfishVersion') as version");
    return recordset[0]?.version !== null;
  });
  // The default in Azure SQL Database; Babelfish always works like this.
  if (!isBabelfish) {
    await onServer((pool) => pool.request().batch(`alter database ${name} set read_committed_snapshot on`));
  }
  const connect = settings(url, name);
  return {
    connect,
    isBabelfish,
    tables: () =>
      withPool(connect, async (pool) => {
        const { recordset } = await pool.request().query<{ name: string }>(`
          select TABLE_SCHEMA + N'.' + TABLE_NAME as name from INFORMATION_SCHEMA.TABLES
          where TABLE_SCHEMA in (N'qt', N'data', N'staging')`);
        return recordset.map((row) => row.name).sort();
      }),
    drop: () =>
      onServer(async (pool) => {
        if (!isBabelfish)
          await pool.request().batch(`alter database ${name} set single_user with rollback immediate`);
        await pool.request().batch(`drop database ${name}`);
      }),
  };
}

/** The pool has only one connection, so that a session keeps its settings and locks. */
function settings(url: string, database: string): mssql.config {
  const { hostname, port, username, password } = new URL(url);
  return {
    server: hostname,
    port: port === "" ? 1433 : Number(port),
    user: decodeURIComponent(username),
    password: decodeURIComponent(password),
    database,
    requestTimeout: 900_000,
    options: { trustServerCertificate: true },
    pool: { max: 1 },
  };
}

async function withPool<T>(
  config: mssql.config,
  work: (pool: mssql.ConnectionPool) => Promise<T>,
): Promise<T> {
  const pool = await new mssql.ConnectionPool(config).connect();
  try {
    return await work(pool);
  } finally {
    await pool.close();
  }
}
