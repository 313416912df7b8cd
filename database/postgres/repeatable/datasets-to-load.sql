-- The active datasets, in two columns: a lookup of Data Factory reads at most 5,000 rows and 4 MB.
create or replace function qt.datasets_to_load()
returns table (dataset_id text, table_name text)
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
begin
  return query
  select d.dataset_id, d.table_name
  from qt.dataset d
  where d.status = 'active'
  order by d.dataset_id;
end $$;
