import type { ServerEngine } from "./server-engine";

/** The defaults of Azure SQL's databases: readers see row versions and never wait for a writer. A second run changes nothing. */
export const likeAzure = (database: string): string => `
  if exists (select * from sys.databases where name = N'${database}' and is_read_committed_snapshot_on = 0)
    alter database [${database}] set read_committed_snapshot on with rollback immediate;
  alter database [${database}] set allow_snapshot_isolation on;`;

/** The id of the database @name; null if there is none. */
export const findDatabase = "select db_id(@name) as id";

/** Azure SQL Database accepts CREATE DATABASE and DROP DATABASE only as the sole statement of its batch. */
export const createDatabase = (database: string): string => `create database [${database}]`;

/** Drops a database even while it is in use; both statements are one batch, so that nobody logs in between them. */
export const dropDatabase = (database: string, kind: ServerEngine["kind"]): string =>
  kind === "sql-server"
    ? `alter database [${database}] set single_user with rollback immediate; drop database [${database}];`
    : `drop database [${database}]`;

/** Drops the logins whose names begin with @prefix. */
export const dropLogins = `
  declare @sql nvarchar(max);
  select @sql = string_agg(cast(N'drop login ' + quotename(name) as nvarchar(max)), N'; ')
    from sys.sql_logins where left(name, len(@prefix)) = @prefix;
  if @sql is not null exec(@sql);`;

/** An identity's user has its client id as SID, as in Azure. */
export const findIdentityUser = `
  select name from sys.database_principals
   where sid = convert(varbinary(16), convert(uniqueidentifier, @client_id))`;

/**
 * A login with the identity's client id as SID, and its user in this database. A user with the same name or the same SID is dropped
 * first, as when an identity becomes a user.
 */
export const ensureIdentityUser = `
  declare @sid varbinary(16) = convert(varbinary(16), convert(uniqueidentifier, @client_id)), @sql nvarchar(max);
  select @sql = string_agg(cast(N'drop user ' + quotename(name) as nvarchar(max)), N'; ')
    from sys.database_principals where (name = @name and sid <> @sid) or (name <> @name and sid = @sid);
  if @sql is not null exec(@sql);
  if suser_id(@login) is null
  begin
    set @sql = N'create login ' + quotename(@login) + N' with password = ' + quotename(@password, '''')
      + N', sid = ' + convert(nvarchar(34), @sid, 1) + N', check_policy = off';
    exec(@sql);
  end
  if not exists (select * from sys.database_principals where sid = @sid)
  begin
    set @sql = N'create user ' + quotename(@name) + N' for login ' + quotename(@login);
    exec(@sql);
  end`;
