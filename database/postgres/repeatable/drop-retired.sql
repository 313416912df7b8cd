-- Drops the tables that have been retired for longer than the tenant keeps them, with all that is recorded of them but the erased keys: the
-- dataset may be configured again.
create or replace function qt.drop_retired()
returns void language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  days integer := (select s.value::integer from qt.setting s where s.name = 'retired_tables_days');
  d qt.dataset;
begin
  if days is null then
    return;
  end if;
  -- Nobody may make a dataset active meanwhile.
  perform pg_advisory_xact_lock(hashtextextended('qt:configure', 0));
  for d in select * from qt.dataset x where x.status = 'retired' and x.retired_at <= clock_timestamp() - make_interval(days => days) order by x.dataset_no loop
    perform qt.lock_dataset(d.dataset_no);
    perform qt.drop_copy(d.dataset_no);
    -- One that was released before it had a row has none.
    execute format('drop table if exists data.%I', d.table_name);
    delete from qt.refused_value x where x.dataset_no = d.dataset_no;
    delete from qt.load x where x.dataset_no = d.dataset_no;
    delete from qt.dataset_header x where x.dataset_no = d.dataset_no;
    delete from qt.dataset_type x where x.dataset_no = d.dataset_no;
    delete from qt.dataset_column x where x.dataset_no = d.dataset_no;
    delete from qt.dataset x where x.dataset_no = d.dataset_no;
  end loop;
end $$;
