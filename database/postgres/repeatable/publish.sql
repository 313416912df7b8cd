drop function if exists qt.publish(text, boolean);

-- Makes a run's snapshot the dataset's content, in one transaction. Only the difference is written.
--
-- The difference is one full hash join of the snapshot with the landed table on the key, which compares cell by cell. A dataset's first
-- publish has nothing to be different from: the landed table is then built from the staging table in parallel and indexed afterwards.
-- Either way the snapshot is read once; only when a cell or a key turns out wrong is it read again, to name them. Without statistics of a
-- key of several columns the planner would sort both sides to merge them, which is slower and gets more so with every row.
create or replace function qt.publish(run_id text, allow_shrink boolean default false)
returns table (status text, version bigint, rows_staged bigint, inserted bigint, updated bigint, deleted bigint, emptied text)
language plpgsql security definer
set search_path = pg_catalog, pg_temp
set client_encoding = 'UTF8'
set client_min_messages = warning
set datestyle = 'ISO'
set extra_float_digits = 1
set work_mem = '256MB'
set hash_mem_multiplier = 1
set enable_mergejoin = off
set maintenance_work_mem = '256MB'
set jit = off
set parallel_tuple_cost = 0.01
set parallel_setup_cost = 100
set min_parallel_table_scan_size = '1MB'
set random_page_cost = 1.1
as $$
#variable_conflict use_column
declare
  l qt.load;
  d qt.dataset;
  landed text;
  staging regclass;
  columns text[];  -- physical names of the snapshot, quoted
  missing text;
  has_rows boolean := false;
  only_erased boolean := false;
  keyless boolean;
  numbered boolean := false;
  kept bigint;
  last_load qt.load;
begin
  perform qt.check_run(publish.run_id);
  select * into l from qt.load x where x.run_id = publish.run_id;
  if l.run_id is null then
    raise exception 'QT4001: Run % is not known. Start the pipeline again from the beginning.', publish.run_id;
  end if;
  perform qt.lock_dataset(l.dataset_no);
  select * into l from qt.load x where x.run_id = publish.run_id;
  select * into d from qt.dataset x where x.dataset_no = l.dataset_no;
  if l.status in ('published', 'superseded') then
    return query select l.status, l.version, l.rows_staged, l.inserted, l.updated, l.deleted, l.emptied;
    return;
  elsif l.status <> 'loading' then
    raise exception 'QT4002: Run % already ended as %. Start the pipeline again from the beginning.', publish.run_id, l.status;
  elsif d.status <> 'active' then
    raise exception 'QT4003: Dataset % is not configured. Add it to the tenant''s datasets and deploy, or set unknownDatasets to land.', d.dataset_id;
  end if;
  if l.snapshot_time < d.published_snapshot_time then
    perform qt.drop_staging(publish.run_id);
    update qt.load x set status = 'superseded', ended_at = clock_timestamp(), version = d.published_version where x.run_id = publish.run_id;
    return query select 'superseded', d.published_version, 0::bigint, 0::bigint, 0::bigint, 0::bigint, null;
    return;
  end if;

  if l.source_version is not null and not l.allow_older then
    select * into last_load from qt.load x where x.dataset_no = l.dataset_no and x.status = 'published' order by x.version desc limit 1;
    if last_load.run_id is not null and (last_load.source_version is null or last_load.source_version > l.source_version) then
      raise exception 'QT4008: Version % of dataset % may be older than what is published, %. If you want it, load it with --allow-older.',
        l.source_version, d.dataset_id, coalesce('version ' || last_load.source_version, 'the latest at its time');
    end if;
  end if;

  landed := format('data.%I', d.table_name);
  staging := to_regclass(format('staging.%I', qt.staging_name(publish.run_id)));
  l.version := d.published_version + 1;
  l.rows_staged := 0;
  l.inserted := 0;
  l.updated := 0;
  l.deleted := 0;

  drop table if exists pg_temp.qt_column;
  create temp table qt_column on commit drop as
    select s.*, qt.cell_sql(s.type, s.format, s.on_error, 's.' || s.staged, qt.cast_sql(s.type, s.on_error, 's.' || s.staged)) as value_sql
    from qt.snapshot_columns(d.dataset_no, staging) s;

  if staging is not null then
    select string_agg(coalesce(qt.visible_text(y.header), k), ', ') into missing
    from jsonb_array_elements_text(d.key_columns::jsonb) k left join qt.dataset_column y on y.dataset_no = d.dataset_no and y.name = k
    where k not in (select c.name from pg_temp.qt_column c);
    if missing is not null then
      raise exception 'QT4014: The snapshot of dataset % lacks the key column %; it has %. Restore it in Quantemplate, or configure another key with a new table name.',
        d.dataset_id, left(missing, 500), (
          select left(f.found, 700) || case when f.found ~ '[;|]|\[U\+0009\]' then ' (are its columns separated by commas?)' else '' end
          from (select string_agg(qt.visible_text(c.header), ', ' order by c.place) as found from pg_temp.qt_column c) f);
    end if;
    if not coalesce(allow_shrink, false) then
      perform qt.guard_columns(d.dataset_no);
    end if;
    perform qt.guard_row_size(d.dataset_no, staging);
    columns := array(select quote_ident(c.name) from pg_temp.qt_column c order by c.place);
    execute format('select exists (select from %s)', staging) into only_erased;
    staging := qt.without_erased(d.dataset_no, staging);
    execute format('select exists (select from %s)', staging) into has_rows;
    only_erased := only_erased and not has_rows;
  end if;

  if not has_rows and not only_erased and not d.allow_empty and not coalesce(allow_shrink, false) then
    raise exception 'QT4010: The snapshot of dataset % is empty. If that is right, load it once with --allow-shrink, or set guards.allowEmpty.', d.dataset_id;
  end if;

  -- Keyless rows are told apart by their hash. Equal rows need numbers too, which costs a sort: first it is tried without, unless the
  -- table has such rows already; they show as duplicate keys.
  keyless := d.key_columns = '[]';
  if keyless and d.published_version > 0 then
    execute format('select exists (select from %s where octet_length(_key_hash) > 32 and not _deleted)', landed) into numbered;
  end if;

  if d.published_version = 0 and has_rows then
    loop
      begin
        l.rows_staged := qt.build_landed(landed, qt.identified_snapshot(staging, keyless, numbered), columns, l.version);
        exit;
      exception
        when data_exception then
          perform qt.name_bad_values(publish.run_id);
          raise;
        when unique_violation then
          if keyless and not numbered then
            numbered := true;
          else
            perform qt.name_duplicate_keys(publish.run_id);
            raise;
          end if;
        when not_null_violation then
          perform qt.name_missing_keys(publish.run_id);
          raise;
      end;
    end loop;
    l.inserted := l.rows_staged;
  else
    loop
      drop table if exists pg_temp.qt_delta;
      if not has_rows then
        execute format('create temp table qt_delta on commit drop as select ''D'' as __change, _key_hash from %s where not _deleted', landed);
        columns := '{}';
      else
        execute format('select count(*) from %s', staging) into l.rows_staged;
        -- A table that was published empty has no key to compare with yet, and no row to wait for.
        if exists (select from pg_temp.qt_column c where c.is_key
                   and c.name not in (select k.name from qt.dataset_column k where k.dataset_no = d.dataset_no)) then
          perform qt.add_columns(landed, d.dataset_no);
        end if;
        begin
          execute 'create temp table qt_delta on commit drop as ' || qt.difference_sql(landed, staging, d.dataset_no, keyless, numbered);
        exception when data_exception then
          perform qt.name_bad_values(publish.run_id);
          raise;
        end;
      end if;
      execute 'select count(*) filter (where __change in (''I'', ''R'')), count(*) filter (where __change = ''U''),
          count(*) filter (where __change = ''D'') from pg_temp.qt_delta' into l.inserted, l.updated, l.deleted;
      if exists (select from pg_temp.qt_delta x where x._key_hash is null) then
        perform qt.name_missing_keys(publish.run_id);
      end if;
      -- Rows that met a live row, seen from both sides: equal unless a key came twice.
      exit when l.rows_staged - l.inserted = d.live_rows - l.deleted
        and not exists (select from pg_temp.qt_delta x group by x._key_hash having count(*) > 1);
      if not keyless or numbered then
        perform qt.name_duplicate_keys(publish.run_id);
        raise exception 'QT4033: The catalogue of dataset % does not match table data.%: rows were changed by hand. Restore the table, or use a new table name.',
          d.dataset_id, d.table_name;
      end if;
      numbered := true;
    end loop;

    kept := case when keyless then least(l.rows_staged, d.live_rows) else d.live_rows - l.deleted end;
    if d.live_rows > 0 and not coalesce(allow_shrink, false) and not (l.rows_staged = 0 and d.allow_empty)
       and (d.live_rows - kept) * 100 > d.max_shrink_percent * d.live_rows then
      raise exception 'QT4011: The snapshot of dataset % lost % of % rows, more than its guard of % percent. If that is right, load it once with --allow-shrink.',
        d.dataset_id, d.live_rows - kept, d.live_rows, d.max_shrink_percent;
    end if;

    -- Late, because readers wait from here to the commit when a column is added.
    perform qt.add_columns(landed, d.dataset_no);
    perform qt.apply_delta(landed, columns, l.version, d.dataset_no);
  end if;

  l.emptied := case when exists (select from pg_temp.qt_column c where c.type <> 'text' and c.on_error = 'null') then qt.count_emptied(landed, staging) end;

  update qt.dataset_column k set header = c.header, last_version = l.version
  from pg_temp.qt_column c where k.dataset_no = d.dataset_no and k.name = c.name;
  insert into qt.dataset_column (dataset_no, ordinal, header, name, type, on_error, format, last_version)
  select d.dataset_no, coalesce((select max(k.ordinal) from qt.dataset_column k where k.dataset_no = d.dataset_no), 0)
           + row_number() over (order by c.place), c.header, c.name, c.type, c.on_error, c.format, l.version
  from pg_temp.qt_column c
  where not exists (select from qt.dataset_column k where k.dataset_no = d.dataset_no and k.name = c.name);

  update qt.dataset x set published_version = l.version, published_snapshot_time = l.snapshot_time,
    live_rows = x.live_rows + l.inserted - l.deleted
  where x.dataset_no = d.dataset_no;
  update qt.load x set status = 'published', ended_at = clock_timestamp(), version = l.version, rows_staged = l.rows_staged,
    inserted = l.inserted, updated = l.updated, deleted = l.deleted, emptied = l.emptied, error = null
  where x.run_id = publish.run_id;
  perform qt.drop_staging(publish.run_id);
  return query select 'published', l.version, l.rows_staged, l.inserted, l.updated, l.deleted, l.emptied;
end $$;

-- SQL for the snapshot's cells as values, each row with `_key_hash`, the bytes that identify it. The OFFSET keeps its layers from being
-- flattened, so that each cell is made once whatever is made of it above. A plain OFFSET 0 would keep parallel workers out of the layers
-- above, because the planner sees a cast to bigint there and no constant. Reads pg_temp.qt_column.
-- `numbered`: the n-th of equal rows is identified by their hash and n, the first by the hash alone.
create or replace function qt.identified_snapshot(staging regclass, keyless boolean, numbered boolean)
returns text language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  names text;
  cells text;
  casts text;
  identity text;
begin
  select string_agg(quote_ident(c.name), ', ' order by c.place),
         string_agg(format('%s as %I', qt.cell_sql(c.type, c.format, c.on_error, c.staged, '__cast' || c.place), c.name), ', ' order by c.place),
         string_agg(format(', %s as __cast%s', qt.cast_sql(c.type, c.on_error, c.staged), c.place), '') filter (where c.type not in ('text', 'bit') and c.format is null),
         case when keyless then qt.row_hash_sql(array_agg(c.name), array_agg(c.type))
           else qt.key_sql(array_agg(qt.text_sql(c.type, quote_ident(c.name)) order by c.name) filter (where c.is_key)) end
  into names, cells, casts, identity
  from pg_temp.qt_column c;
  if (select count(*) + count(*) filter (where c.type not in ('text', 'bit') and c.format is null) from pg_temp.qt_column c) > 1600 then
    -- A result of PostgreSQL has 1,664 columns at most: here the casts are not kept beside the cells but made where they are needed.
    select string_agg(format('%s as %I', c.value_sql, c.name), ', ' order by c.place) into cells from pg_temp.qt_column c;
    identity := format('select __place, %s as _key_hash, %s
      from (select tidsend(s.ctid)::bigint as __place, %s from %s s offset bigint ''0'') v offset bigint ''0''', identity, names, cells, staging);
  else
    identity := format('select __place, %s as _key_hash, %s
    from (select __place, %s from (select *, tidsend(ctid)::bigint as __place%s from %s offset bigint ''0'') c offset bigint ''0'') v
    offset bigint ''0''', identity, names, cells, casts, staging);
  end if;
  if not numbered then
    return identity;
  end if;
  return format('select __place, case __n when 1 then __hash else __hash || int8send(__n) end as _key_hash, %1$s
    from (select __place, _key_hash as __hash, row_number() over (partition by _key_hash) as __n, %1$s from (%2$s) h) n', names, identity);
end $$;

-- SQL for the difference between a snapshot and the landed table: the rows to I(nsert), U(pdate), R(eturn from deletion) and D(elete).
-- Reads pg_temp.qt_column.
--
-- Rows with a key are compared cell by cell. Most cells are as they were, and to write a landed value as text is cheaper than to read and
-- check the snapshot's: so only a cell that is not that text is converted. Keyless rows with the same identity are the same.
create or replace function qt.difference_sql(landed text, staging regclass, dataset_no integer, keyless boolean, numbered boolean)
returns text language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  source text;
  matches text := 'l._key_hash = s._key_hash';
  identity text := 's._key_hash';
  differs text := 'false';
  cells text;
begin
  if keyless then
    source := qt.identified_snapshot(staging, true, numbered);
    select string_agg(format('s.%I', c.name), ', ' order by c.place) into cells from pg_temp.qt_column c;
  else
    -- A layer for the keys, so that each is made once.
    select format('select %s, s.* from %s s offset bigint ''0''',
             string_agg(c.value_sql || ' as __key' || c.place, ', '), staging),
           string_agg(format('l.%I = s.__key%s', c.name, c.place), ' and '),
           qt.key_sql(array_agg(qt.text_sql(c.type, 's.__key' || c.place) order by c.name))
    into source, matches, identity
    from pg_temp.qt_column c where c.is_key;
    select string_agg(case when c.is_key then 's.__key' || c.place else c.value_sql end || ' as ' || quote_ident(c.name), ', ' order by c.place)
             filter (where c.name is not null),
           coalesce(string_agg(case
             when c.name is null then format('l.%I is not null', k.name)
             when k.name is null then format('%s is not null', c.value_sql)
             when k.type = 'text' or c.format is not null then format('l.%I is distinct from %s', k.name, c.value_sql)
             else format('%s is distinct from s.%s and l.%I is distinct from %s',
               qt.text_sql(k.type, format('l.%I', k.name)), c.staged, k.name, c.value_sql) end, ' or ' order by c.place)
             filter (where c.is_key is not true), 'false')
    into cells, differs
    from pg_temp.qt_column c
    full join (select * from qt.dataset_column y where y.dataset_no = difference_sql.dataset_no) k on k.name = c.name;
  end if;
  return format('select case when s.__staged is null then ''D'' when l._key_hash is null then ''I'' when l._deleted then ''R'' else ''U'' end
      as __change, coalesce(l._key_hash, %s) as _key_hash, %s
    from (select true as __staged, s.* from (%s) s offset bigint ''0'') s full join %s l on %s
    where case when s.__staged is null then not l._deleted else l._key_hash is null or l._deleted or %s end',
    identity, cells, source, landed, matches, differs);
end $$;

create or replace function qt.apply_delta(landed text, columns text[], version bigint, dataset_no integer)
returns void language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  vanished text[] := array(select quote_ident(k.name) from qt.dataset_column k where k.dataset_no = apply_delta.dataset_no
                           and not quote_ident(k.name) = any(columns));
begin
  analyze pg_temp.qt_delta (__change, _key_hash);
  if cardinality(columns) > 0 then
    execute format('update %s l set _version = $1, _deleted = false%s from pg_temp.qt_delta x
      where x.__change in (''U'', ''R'') and l._key_hash = x._key_hash', landed,
      (select string_agg(', ' || c || ' = x.' || c, '') from unnest(columns) c)
      || coalesce((select string_agg(', ' || c || ' = null', '') from unnest(vanished) c), '')) using version;
    execute format('insert into %s (_key_hash, _version, _deleted, %s)
      select _key_hash, $1, false, %s from pg_temp.qt_delta where __change = ''I''',
      landed, array_to_string(columns, ', '), array_to_string(columns, ', ')) using version;
  end if;
  -- A deleted row keeps its key, for the feed; its other cells may be somebody's personal data.
  execute format('update %s l set _version = $1, _deleted = true%s from pg_temp.qt_delta x
    where x.__change = ''D'' and l._key_hash = x._key_hash', landed,
    (select string_agg(format(', %I = null', k.name), '') from qt.dataset_column k join qt.dataset d on d.dataset_no = k.dataset_no
     where k.dataset_no = apply_delta.dataset_no and not d.key_columns::jsonb ? k.name)) using version;
end $$;

do $$ begin
  execute format('grant execute on function qt.publish to %I', current_database() || '/loader');
end $$;
