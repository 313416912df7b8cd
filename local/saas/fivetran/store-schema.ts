import type pg from "pg";

/** Schema of the emulator's own tables; each connection has its own schema, named after it. */
const OWN = "qt_fivetran";

/** A quoted SQL identifier. */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** Schema of a connection's destination tables. The prefix keeps it apart from PostgreSQL's own. */
export function schemaOf(connection: string): string {
  return identifier(`connection_${connection}`);
}

export const OWN_TABLES = {
  connection: `${OWN}.connection`,
  table: `${OWN}.destination_table`,
  active: `${OWN}.active_rows`,
} as const;

/** Creates the emulator's own tables if they are missing. */
export async function createOwnTables(pool: pg.Pool): Promise<void> {
  await pool.query(`
    create schema if not exists ${OWN};
    create table if not exists ${OWN_TABLES.connection} (
      name text primary key,
      config json not null,
      state json not null default '{}'
    );
    create table if not exists ${OWN_TABLES.table} (
      connection text not null references ${OWN_TABLES.connection} on delete cascade,
      name text not null,
      primary_key json not null,
      columns json not null default '{}',
      primary key (connection, name)
    );
    create table if not exists ${OWN_TABLES.active} (
      connection text not null,
      table_name text not null,
      month date not null,
      rows bigint not null default 0,
      primary key (connection, table_name, month)
    );`);
}
