import { ConnectionPool, type config as SqlConfig } from "mssql";
import { TEST_DATABASE, type TestFiles, type TestWorld } from "./test-support";

/** T-SQL whose twin creates the procedures that the tests call. */
export const testProcedures = "CREATE PROCEDURES FOR TESTS";

const twin = `
create schema shop;
create schema staging;
create function shop.echo(text_in text, big bigint, small int, flag boolean default false, moment timestamptz default null)
returns table (text_out text, big bigint, small int, flag boolean, moment timestamptz, amount numeric, day date)
language sql as $$ select text_in, big, small, flag, moment, 1.50, date '2026-11-21' $$;
create function shop.note(message text) returns void language plpgsql as $$ begin raise notice '%', message; end $$;
create function shop.fail(message text, state text default 'P0001') returns void language plpgsql as $$
begin raise exception using message = message, errcode = state; end $$;
create function shop.pages(rows int) returns setof refcursor language plpgsql as $$
declare head refcursor; page refcursor;
begin
  open head for select 'ok' as status, rows::bigint as upto;
  return next head;
  open page for select id, 'row ' || id as label from generate_series(1, rows) id;
  return next page;
end $$;
create function shop.fails_in_second(rows int) returns setof refcursor language plpgsql as $$
declare head refcursor; page refcursor;
begin
  open head for select 'ok' as status;
  return next head;
  open page for select 1 / (rows - id) as x from generate_series(1, rows) id;
  return next page;
end $$;
create table shop.kept (id int primary key, value text);
create function shop.keep(id int, value text) returns void language sql as $$ insert into shop.kept values (id, value) $$;
create function shop.keep_all_or_nothing(id int) returns void language sql as $$ insert into shop.kept values (id, 'x') $$;
create function shop.level() returns table (level text) language sql as $$ select current_setting('transaction_isolation') $$;
create function shop.lock_kept(id int) returns void language sql as $$ select 1 from shop.kept k where k.id = lock_kept.id for update $$;
create function shop.change_kept(id int) returns void language sql as $$ update shop.kept k set value = 'y' where k.id = change_kept.id $$;
create function shop.list_kept() returns setof shop.kept language sql as $$ select * from shop.kept order by id $$;
create function shop.secret() returns text language sql stable as $$ select count(*)::text from shop.kept $$;
create function shop.count_kept() returns setof refcursor language plpgsql security definer as $$
declare c refcursor;
begin
  open c for select shop.secret() as kept, current_user::text = session_user::text as as_owner;
  return next c;
end $$;
create function shop.forever() returns table (n int) language sql as $$ select 1 from pg_sleep(3600) $$;
create function shop.lengths(datasets text) returns table (characters int, bytes int, copy text)
language sql as $$ select length(datasets), octet_length(datasets), datasets $$;
`;

/** A role and a user in it, as migrations create them. */
export const usersTwin = (clientId: string): string => `
  do $$ begin
    execute format('create role %I nologin', current_database() || '/reader');
    execute format('create role %I nologin', current_database() || '/function');
    execute format('grant %I to %I', current_database() || '/reader', current_database() || '/function');
    execute format('comment on role %I is %L', current_database() || '/function', '${clientId}');
    execute format('grant usage on schema shop to %I', current_database() || '/reader');
    revoke execute on all functions in schema shop from public;
    execute format('grant execute on function shop.pages(int), shop.count_kept() to %I', current_database() || '/reader');
  end $$;`;

export const testFiles: TestFiles = {
  "procedures.sql": { tsql: testProcedures, postgres: twin },
  // Its twin is among the procedures above.
  "keep-all-or-nothing.sql": {
    tsql: "-- SET XACT_ABORT OFF\nCREATE OR ALTER PROCEDURE [shop].[keep_all_or_nothing] @id int AS SET NOCOUNT, XACT_ABORT ON;",
    postgres: "select 1",
  },
  "temporary.sql": { tsql: "CREATE TABLE #mine (n int)", postgres: "create temp table mine (n int)" },
  "read-temporary.sql": { tsql: "SELECT n FROM #mine", postgres: "select n from mine" },
  "probe.sql": {
    tsql: "SELECT id FROM shop.kept -- a query\n",
    postgres: "select id, value as text_value from shop.kept order by id",
  },
};

/** Settings of mssql for the test server, as the deployer with an access token and without TLS. */
export function settings(world: TestWorld, change: Partial<SqlConfig> = {}): SqlConfig {
  return {
    server: "127.0.0.1",
    port: world.port,
    database: TEST_DATABASE,
    options: { encrypt: false },
    authentication: { type: "azure-active-directory-access-token", options: { token: world.token() } },
    ...change,
  };
}

/** Connects, works, closes. */
export async function withPool<T>(config: SqlConfig, work: (pool: ConnectionPool) => Promise<T>): Promise<T> {
  const pool = await new ConnectionPool(config).connect();
  try {
    return await work(pool);
  } finally {
    await pool.close();
  }
}
