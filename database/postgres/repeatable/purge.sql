-- Removes tombstones that every consumer had the retention's time to read, and the records of loads older than a year.
create or replace function qt.purge(retention_days integer default 90)
returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  d qt.dataset;
  horizon bigint;
  removed bigint;
begin
  if retention_days is null or retention_days < 0 then
    raise exception 'QT4032: qt.purge needs a retention of 0 days or more.';
  end if;
  for d in select * from qt.dataset order by dataset_no loop
    select max(l.version) into horizon from qt.load l where l.dataset_no = d.dataset_no and l.status = 'published'
      and l.ended_at <= clock_timestamp() - make_interval(days => retention_days);
    continue when horizon is null;
    perform qt.lock_dataset(d.dataset_no);
    perform qt.uncopy_rows(d.dataset_no, 'l._deleted and l._version <= ' || horizon);
    execute format('with gone as (delete from data.%I where _deleted and _version <= $1 returning _version) select max(_version) from gone',
      d.table_name) into removed using horizon;
    -- The purge takes a version of its own, so that qt.changes can tell reads that began before it from later ones.
    update qt.dataset x set purged_through = removed, published_version = x.published_version + 1, purge_version = x.published_version + 1
    where x.dataset_no = d.dataset_no and removed is not null;
  end loop;
  delete from qt.load l where l.ended_at < clock_timestamp() - interval '365 days';
end $$;
