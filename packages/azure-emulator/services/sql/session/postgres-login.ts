import { postgresDatabaseName } from "../postgres/database-name";
import type { Databases } from "../postgres/databases";
import { type Login, loginFailed, masterDatabase } from "./login";

/** A login with its database and role in PostgreSQL. */
export interface PostgresLogin extends Login {
  readonly postgresDatabase: string;
  /** Role of the database user; undefined for the administrator. */
  readonly role: string | undefined;
}

const findUser = `
  select rolname from pg_roles
   where starts_with(rolname, current_database() || '/') and lower(shobj_description(oid, 'pg_authid')) = lower($1)`;

/** @throws SqlServerError 18456 for anyone who is not a user of the database */
export async function postgresLogin(databases: Databases, login: Login): Promise<PostgresLogin> {
  const { database, server, principal } = login;
  const postgresDatabase =
    database === masterDatabase ? "postgres" : postgresDatabaseName(server.name, database);
  if (login.isAdministrator) return { ...login, postgresDatabase, role: undefined };
  const pool = databases.pool(postgresDatabase);
  const { rows } = await pool.query<{ rolname: string }>(findUser, [principal.clientId]);
  const role = rows[0]?.rolname;
  if (role === undefined) throw loginFailed();
  return { ...login, postgresDatabase, role };
}
