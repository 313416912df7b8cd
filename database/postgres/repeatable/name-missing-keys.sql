-- Raises the error about rows without a key; returns when there are none.
create or replace function qt.name_missing_keys(staging regclass, dataset_no integer)
returns void language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  condition text;
  headers text;
  missing bigint;
  total bigint;
  d qt.dataset;
begin
  select string_agg(format('(%s) is null', qt.value_sql(c.type, c.staged)), ' or '), string_agg(qt.visible_text(c.header), ', ' order by c.place)
  into condition, headers
  from qt.snapshot_columns(dataset_no, staging) c where c.is_key;
  select * into d from qt.dataset x where x.dataset_no = name_missing_keys.dataset_no;
  execute format('select count(*) filter (where %s), count(*) from %s', coalesce(condition, 'false'), staging) into missing, total;
  if missing > 0 then
    raise exception 'QT4013: % of % rows in the snapshot of dataset % have no value in a key column (%). Fill it in Quantemplate, or configure the columns that identify a row.',
      missing, total, d.dataset_id, left(headers, 300);
  end if;
end $$;
