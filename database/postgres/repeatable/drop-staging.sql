create or replace function qt.drop_staging(run_id text)
returns void language plpgsql set search_path = pg_catalog, pg_temp set client_min_messages = warning as $$
begin
  execute format('drop table if exists staging.%I', qt.staging_name(run_id));
end $$;
