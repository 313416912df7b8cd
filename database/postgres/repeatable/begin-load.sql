drop function if exists qt.begin_load(text, text);

-- Registers a run and stamps the time of its snapshot. Running it again for the same run changes nothing.
-- source_version is the version that the run asks Quantemplate for; 0 asks for the latest, whose number Quantemplate does not tell.
create or replace function qt.begin_load(run_id text, dataset_id text, source_version integer default 0, allow_older boolean default false)
returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
declare
  d qt.dataset;
  l qt.load;
  lost text;
  landed_name text;
begin
  perform qt.check_run(begin_load.run_id);

  -- A run that was cancelled or killed ends its load itself as little as one that is stuck. After 12 hours no run is under way any more. After
  -- one hour, a load that a later one of its dataset has overtaken has nothing to publish; should it still copy, its table is in use, and
  -- the load is left alone.
  for lost in
    select x.run_id from qt.load x join qt.dataset y on y.dataset_no = x.dataset_no
    where x.status = 'loading' and x.run_id <> begin_load.run_id
      and (x.snapshot_time < clock_timestamp() - interval '12 hours'
        or (x.snapshot_time < clock_timestamp() - interval '1 hour' and x.snapshot_time < y.published_snapshot_time))
    order by x.run_id
    for update of x skip locked
  loop
    begin
      if to_regclass(format('staging.%I', qt.staging_name(lost))) is not null then
        execute format('lock table staging.%I in access exclusive mode nowait', qt.staging_name(lost));
      end if;
      perform qt.drop_staging(lost);
      update qt.load x set status = 'abandoned', ended_at = clock_timestamp(),
        error = 'abandoned: not published within 12 hours, or before a later load of the dataset'
      where x.run_id = lost;
    exception when lock_not_available then
      null;
    end;
  end loop;
  perform qt.renew_epochs_after_restore();

  select * into d from qt.dataset x where x.dataset_id = begin_load.dataset_id and x.status = 'active';
  if d.dataset_no is null then
    if coalesce(begin_load.dataset_id, '') = '' or length(begin_load.dataset_id) > 200 or begin_load.dataset_id <> btrim(begin_load.dataset_id)
       or coalesce((select s.value from qt.setting s where s.name = 'unknown_datasets'), 'ignore') <> 'land' then
      raise exception 'QT4003: Dataset % is not configured. Add it to the tenant''s datasets and deploy, or set unknownDatasets to land.',
        coalesce(left(begin_load.dataset_id, 200), 'NULL');
    end if;
    perform pg_advisory_xact_lock(hashtextextended('qt:configure', 0));
    select * into d from qt.dataset x where x.dataset_id = begin_load.dataset_id and x.status = 'active';
    landed_name := qt.physical_name(begin_load.dataset_id);
    if d.dataset_no is null then
      update qt.dataset x set status = 'active', retired_at = null
      where x.dataset_id = begin_load.dataset_id and x.table_name = landed_name and x.origin = 'landed' returning * into d;
    end if;
    if d.dataset_no is null then
      perform qt.release_unused(landed_name, begin_load.dataset_id);
      if landed_name is null or exists (select from qt.dataset x where x.table_name = landed_name) then
        raise exception 'QT4022: Dataset % cannot land in a table of its name: % is taken. Configure it with a table name.',
          begin_load.dataset_id, coalesce(landed_name, '(none)');
      end if;
      insert into qt.dataset (dataset_id, table_name, origin, key_columns, epoch)
      values (begin_load.dataset_id, landed_name, 'landed', '[]', gen_random_uuid()::text) returning * into d;
      perform qt.create_landed_table(d.dataset_no);
    end if;
  end if;

  insert into qt.load (run_id, dataset_no, snapshot_time, status, source_version, allow_older)
  values (begin_load.run_id, d.dataset_no, clock_timestamp(), 'loading', case when begin_load.source_version > 0 then begin_load.source_version end,
    coalesce(begin_load.allow_older, false))
  on conflict (run_id) do nothing;
  select * into l from qt.load x where x.run_id = begin_load.run_id;
  if l.dataset_no <> d.dataset_no then
    raise exception 'QT4004: Run % already loads another dataset. Start a new run.', begin_load.run_id;
  end if;
  if l.status in ('failed', 'abandoned') then
    raise exception 'QT4002: Run % already ended as %. Start the pipeline again from the beginning.', begin_load.run_id, l.status;
  end if;
end $$;

-- A function with other parameters is a new one, without rights; grants.rights.sql runs only when its T-SQL changes.
do $$ begin
  execute format('grant execute on function qt.begin_load to %I', current_database() || '/loader');
end $$;
