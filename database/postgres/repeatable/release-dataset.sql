-- Releases the table name of a dataset that is not configured: one that landed unasked, or one that is retired. An administrator calls it.
create or replace function qt.release_dataset(table_name text)
returns table (dataset_id text, released_as text) language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
declare
  d qt.dataset;
begin
  perform pg_advisory_xact_lock(hashtextextended('qt:configure', 0));
  select * into d from qt.dataset x where x.table_name = release_dataset.table_name and left(x.table_name, 10) <> 'released__' and (x.status = 'retired' or x.origin = 'landed');
  if d.dataset_no is null then
    raise exception 'QT4009: Table % is not one of a dataset that landed unasked or is retired. If it is configured, remove it from the tenant''s datasets and deploy first.',
      coalesce(left(release_dataset.table_name, 200), '<NULL>');
  end if;
  perform qt.release_table(d.dataset_no);
  return query select x.dataset_id, x.table_name from qt.dataset x where x.dataset_no = d.dataset_no;
end $$;
