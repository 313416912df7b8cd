-- The staging table of a run: its id without dashes.
create or replace function qt.staging_name(run_id text)
returns text language sql immutable parallel safe set search_path = pg_catalog, pg_temp
begin atomic
  select 'load_' || replace(run_id, '-', '');
end;
