-- The journal of the files that ran. Runs under migrator/lock.sql.
create schema if not exists qt;

create table if not exists qt.migration (
  name       text not null primary key,
  checksum   text not null,
  applied_at timestamptz not null default now()
);

create or replace function qt.record_migration(name text, checksum text)
returns void language sql set search_path = pg_catalog, pg_temp
begin atomic
  insert into qt.migration as m (name, checksum) values (record_migration.name, record_migration.checksum)
  on conflict on constraint migration_pkey do update set checksum = excluded.checksum, applied_at = now();
end;
