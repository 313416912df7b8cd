-- Raises the error that names the first duplicate keys; returns when there are none.
create or replace function qt.name_duplicate_keys(staging regclass, dataset_no integer)
returns void language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  headers text;
  texts text;
  named text;
begin
  select string_agg(qt.visible_text(c.header), ', ' order by c.place),
         string_agg(qt.text_sql(c.type, qt.value_sql(c.type, c.staged)), ', ' order by c.place)
  into headers, texts
  from qt.snapshot_columns(dataset_no, staging) c where c.is_key;
  execute format('select string_agg(format(''(%%s) %%s times'', key, n), '', '') from (
      select left(concat_ws('', '', %s), 200) as key, count(*) as n from %s group by %s having count(*) > 1 order by 1 limit 5) f',
    texts, staging, texts) into named;
  if named is not null then
    raise exception 'QT4012: The snapshot has the same key (%) more than once: %. Correct it in Quantemplate, or configure the columns that identify a row.',
      left(headers, 300), named;
  end if;
end $$;
