-- Refuses what cannot be a run id before it becomes part of a table's name.
create or replace function qt.check_run(run_id text)
returns void language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if run_id is null or run_id !~ '^[0-9A-Za-z-]{1,50}$' then
    raise exception 'QT4005: "%" is not a run id. Pass the pipeline''s run id: letters, digits and dashes, at most 50.', left(run_id, 60);
  end if;
end $$;
