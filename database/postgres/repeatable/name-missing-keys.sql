drop function if exists qt.name_missing_keys(regclass, integer);

-- Raises the error about rows without a key; returns when there are none. Lines are counted as in qt.bad_values.
create or replace function qt.name_missing_keys(run_id text)
returns void language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  dataset_no integer := (select l.dataset_no from qt.load l where l.run_id = name_missing_keys.run_id);
  staging regclass := to_regclass(format('staging.%I', qt.staging_name(name_missing_keys.run_id)));
  condition text;
  headers text;
  missing bigint;
  total bigint;
  lines text;
begin
  select string_agg(format('(%s) is null', qt.formatted_value_sql(c.type, c.format, c.staged)), ' or '), string_agg(qt.visible_text(c.header), ', ' order by c.place)
  into condition, headers
  from qt.snapshot_columns(dataset_no, staging) c where c.is_key;
  execute format('select count(*) filter (where __missing), count(*), array_to_string((array_agg(__line order by __line) filter (where __missing))[1:5], '', '')
    from (select row_number() over (order by ctid) + 1 as __line, %s as __missing, %s as __erased from %s s) n where not __erased',
    coalesce(condition, 'false'), qt.erased_sql(dataset_no, staging), staging) into missing, total, lines;
  if missing > 0 then
    raise exception 'QT4013: % of % rows in the snapshot of dataset % have no value in a key column (%), the first in line %. Fill it in Quantemplate, or configure the columns that identify a row.',
      missing, total, (select d.dataset_id from qt.dataset d where d.dataset_no = (select l.dataset_no from qt.load l where l.run_id = name_missing_keys.run_id)), left(headers, 300), lines;
  end if;
end $$;
