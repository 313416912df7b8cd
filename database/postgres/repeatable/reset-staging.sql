-- Empties what an earlier try of the run's copy left behind. The table stays: whether Data Factory makes it before or after this runs is
-- not documented.
create or replace function qt.reset_staging(run_id text)
returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  staging regclass := to_regclass(format('staging.%I', qt.staging_name(reset_staging.run_id)));
  ended text := (select l.status from qt.load l where l.run_id = reset_staging.run_id);
begin
  perform qt.check_run(reset_staging.run_id);
  if ended is null then
    raise exception 'QT4001: Run % is not known. Start the pipeline again from the beginning.', reset_staging.run_id;
  elsif ended <> 'loading' then
    raise exception 'QT4002: Run % already ended as %. Start the pipeline again from the beginning.', reset_staging.run_id, ended;
  end if;
  if staging is not null then
    execute format('truncate table %s', staging);
  end if;
end $$;
