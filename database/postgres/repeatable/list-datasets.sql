create or replace function qt.list_datasets()
returns table (dataset_id text, table_name text, status text, epoch text, published_version bigint, purged_through bigint,
               key_columns text, columns text)
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
begin
  perform qt.renew_epochs_after_restore();
  -- An id that moved to another table is listed once, with the table it uses.
  return query
  select d.dataset_id, d.table_name, d.status, d.epoch, d.published_version, d.purged_through, d.key_columns, qt.columns_json(d.dataset_no)
  from qt.dataset d
  where d.status = 'active'
     or not exists (select from qt.dataset o where o.dataset_id = d.dataset_id
                    and (o.status = 'active' or o.dataset_no > d.dataset_no))
  order by d.dataset_id;
end $$;
