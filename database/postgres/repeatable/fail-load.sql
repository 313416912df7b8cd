-- Ends a run that could not publish. A run that is unknown or has ended is left alone: this is clean-up and must not fail.
create or replace function qt.fail_load(run_id text, error text)
returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
begin
  update qt.load l set status = 'failed', ended_at = clock_timestamp(), error = left(fail_load.error, 4000)
  where l.run_id = fail_load.run_id and l.status = 'loading';
  if found then
    perform qt.drop_staging(fail_load.run_id);
  end if;
end $$;
