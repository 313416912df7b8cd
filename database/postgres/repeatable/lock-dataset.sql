-- One lock per dataset: publish, purge and configuration changes of it wait for each other.
create or replace function qt.lock_dataset(dataset_no integer)
returns void language plpgsql set search_path = pg_catalog, pg_temp set lock_timeout = '10min' as $$
begin
  perform pg_advisory_xact_lock(hashtextextended('qt:dataset:' || dataset_no, 0));
exception when lock_not_available then
  raise exception 'QT4031: Another load of the same dataset is still publishing. Nothing was changed; run this one again.';
end $$;
