-- Takes a dataset's table name from it, so that another dataset can have it. Rows that were published stay, in a table whose name no dataset
-- can get: names of datasets' tables never hold two underscores.
create or replace function qt.release_table(dataset_no integer)
returns void language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  d qt.dataset;
  name text := 'released__' || release_table.dataset_no;
begin
  perform qt.lock_dataset(release_table.dataset_no);
  select * into d from qt.dataset x where x.dataset_no = release_table.dataset_no;
  if d.published_version = 0 then
    execute format('drop table data.%I', d.table_name);
  else
    execute format('alter table data.%I rename to %I', d.table_name, name);
  end if;
  update qt.dataset x set table_name = name, status = 'retired', retired_at = coalesce(x.retired_at, clock_timestamp()) where x.dataset_no = d.dataset_no;
end $$;
