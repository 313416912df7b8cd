-- What a run's load did: a row for QT_fetch_data's output, from which an alert and the console read it. No row for an unknown run.
create or replace function qt.load_result(run_id text)
returns table (dataset_id text, table_name text, status text, version bigint, rows_staged bigint, inserted bigint, updated bigint, deleted bigint, emptied text)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
  select d.dataset_id, d.table_name, l.status, l.version, l.rows_staged, l.inserted, l.updated, l.deleted, l.emptied
  from qt.load l join qt.dataset d on d.dataset_no = l.dataset_no
  where l.run_id = load_result.run_id;
end;
