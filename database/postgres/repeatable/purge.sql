-- Removes tombstones that every consumer had the retention's time to read, tables that are retired for longer than the tenant keeps them,
-- refused values after 30 days and the records of loads after a year. The tenant's setting, if there is one, goes before retention_days.
create or replace function qt.purge(retention_days integer default 90)
returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  d qt.dataset;
  horizon bigint;
  removed bigint;
  ended text;
begin
  if retention_days is null or retention_days < 0 then
    raise exception 'QT4032: qt.purge needs a retention of 0 days or more.';
  end if;
  retention_days := coalesce((select s.value::integer from qt.setting s where s.name = 'deleted_rows_days'), retention_days);
  delete from qt.refused_value r where r.at < clock_timestamp() - interval '30 days';
  perform qt.drop_retired();
  for d in select * from qt.dataset order by dataset_no loop
    select max(v.version) into horizon from (
      select l.version from qt.load l where l.dataset_no = d.dataset_no and l.status = 'published'
        and l.ended_at <= clock_timestamp() - make_interval(days => retention_days)
      union all
      select d.erased_version where d.erased_at <= clock_timestamp() - make_interval(days => retention_days)) v;
    continue when horizon is null;
    perform qt.lock_dataset(d.dataset_no);
    perform qt.uncopy_rows(d.dataset_no, 'l._deleted and l._version <= ' || horizon);
    execute format('with gone as (delete from data.%I where _deleted and _version <= $1 returning _version) select max(_version) from gone',
      d.table_name) into removed using horizon;
    -- The purge takes a version of its own, so that qt.changes can tell reads that began before it from later ones.
    update qt.dataset x set purged_through = removed, published_version = x.published_version + 1, purge_version = x.published_version + 1
    where x.dataset_no = d.dataset_no and removed is not null;
  end loop;
  -- Left by a qt.fail_load that was cut off.
  for ended in select l.run_id from qt.load l where l.status = 'failed' and to_regclass(format('staging.%I', qt.staging_name(l.run_id))) is not null loop
    perform qt.drop_staging(ended);
  end loop;
  delete from qt.load l where l.ended_at < clock_timestamp() - interval '365 days';
end $$;
