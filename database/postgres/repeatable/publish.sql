-- Replacing a function keeps its parameters' names.
drop function if exists qt.hashed_snapshot(regclass, text, text, text, boolean), qt.build_landed(text, text, text[], bigint);

-- SQL for the SHA-256 of (name, value) pairs. A pair is written as U+0001 name U+0002 value with U+0001 doubled in the value, so no
-- value can pass for a separator; it costs half of what a length prefix does here. NULL contributes nothing, '' does; where `strict`,
-- for keys, one NULL makes the hash NULL.
create or replace function qt.hash_sql(names text[], texts text[], "strict" boolean)
returns text language sql immutable parallel safe set search_path = pg_catalog, pg_temp
begin atomic
  select 'sha256(textsend(' || coalesce(string_agg(
    format(case when "strict" then '%s' else 'coalesce(%s, '''')' end,
      format($f$E'\x01%s\x02' || %s$f$, p.name, p.text)), ' || ' order by p.name collate "C"), '''''') || '))'
  from unnest(names, texts) p(name, text);
end;

-- Makes a run's snapshot the dataset's content, in one transaction. Only the difference is written.
--
-- The difference is one full hash join of the hashed snapshot with the landed hashes. A snapshot's first publish has nothing to be
-- different from: the landed table is then built from the staging table in parallel and indexed afterwards. Either way the snapshot is
-- read once: each cell is checked and brought to the one text form of its value, the texts are hashed, and what gets written is cast.
-- Only when a cell or a key turns out wrong is it read again, to name them.
create or replace function qt.publish(run_id text, allow_shrink boolean default false)
returns table (status text, version bigint, rows_staged bigint, inserted bigint, updated bigint, deleted bigint)
language plpgsql security definer
set search_path = pg_catalog, pg_temp
set client_encoding = 'UTF8'
set client_min_messages = warning
set datestyle = 'ISO'
set work_mem = '256MB'
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
  columns text[];      -- physical names of the snapshot, quoted
  values_sql text[];   -- the same columns cast from text
  cells text;          -- the snapshot's cells as the one text form of their values
  row_hash text;
  key_hash text;
  source text;
  missing text;
  has_rows boolean := false;
  keyless boolean;
  numbered boolean := false;
  kept bigint;
  added record;
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
    return query select l.status, l.version, l.rows_staged, l.inserted, l.updated, l.deleted;
    return;
  elsif l.status <> 'loading' then
    raise exception 'QT4002: Run % already ended as %. Start the pipeline again from the beginning.', publish.run_id, l.status;
  elsif d.status <> 'active' then
    raise exception 'QT4003: Dataset % is not configured. Add it to the tenant''s datasets and deploy, or set unknownDatasets to land.', d.dataset_id;
  end if;
  if l.snapshot_time < d.published_snapshot_time then
    perform qt.drop_staging(publish.run_id);
    update qt.load x set status = 'superseded', ended_at = clock_timestamp(), version = d.published_version where x.run_id = publish.run_id;
    return query select 'superseded', d.published_version, 0::bigint, 0::bigint, 0::bigint, 0::bigint;
    return;
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
    select *, qt.cell_text_sql(s.type, s.on_error, s.staged) as cell_sql,
      -- Only text can hold a U+0001.
      format(case s.type when 'text' then $f$replace(v.%I, E'\x01', E'\x01\x01')$f$ else 'v.%I' end, s.name) as hashed_sql
    from qt.snapshot_columns(d.dataset_no, staging) s;

  if staging is not null then
    select string_agg(k, ', ') into missing from jsonb_array_elements_text(d.key_columns::jsonb) k
    where k not in (select c.name from pg_temp.qt_column c);
    if missing is not null then
      raise exception 'QT4014: The snapshot of dataset % lacks the key column %. Restore it in Quantemplate, or configure another key with a new table name.',
        d.dataset_id, missing;
    end if;
    select array_agg(quote_ident(c.name) order by c.place),
           array_agg(format(case c.type when 'text' then 's.%1$I' else 's.%1$I::%2$s as %1$I' end, c.name, qt.physical_type(c.type)) order by c.place),
           string_agg(c.cell_sql || ' as ' || quote_ident(c.name), ', ' order by c.place),
           qt.hash_sql(array_agg(c.name), array_agg(c.hashed_sql), false),
           qt.hash_sql(array_agg(c.name) filter (where c.is_key), array_agg(c.hashed_sql) filter (where c.is_key), true)
    into columns, values_sql, cells, row_hash, key_hash
    from pg_temp.qt_column c;
    execute format('select exists (select from %s)', staging) into has_rows;
  end if;

  if not has_rows and not d.allow_empty and not coalesce(allow_shrink, false) then
    raise exception 'QT4010: The snapshot of dataset % is empty. If that is right, load it once with --allow-shrink, or set guards.allowEmpty.', d.dataset_id;
  end if;

  -- Keyless rows are told apart by their hash. Equal rows need numbers too, which costs a sort: first it is tried without, unless the
  -- table has such rows already; they show as duplicate keys.
  keyless := d.key_columns = '[]';
  if keyless then
    key_hash := null;
  end if;
  if keyless and d.published_version > 0 then
    execute format('select exists (select from %s where _key_hash <> _row_hash and not _deleted)', landed) into numbered;
  end if;

  if d.published_version = 0 and has_rows then
    loop
      begin
        source := qt.hashed_snapshot(staging, cells, row_hash, key_hash, numbered);
        l.rows_staged := qt.build_landed(landed, source, values_sql, l.version);
        execute format('create unique index on %s (_key_hash)', landed);
        exit;
      exception
        when data_exception then
          perform qt.name_bad_values(staging, d.dataset_no);
          raise;
        when unique_violation then
          if keyless and not numbered then
            numbered := true;
          else
            perform qt.name_duplicate_keys(staging, d.dataset_no);
            raise;
          end if;
        when not_null_violation then
          perform qt.name_missing_keys(staging, d.dataset_no);
          raise;
      end;
    end loop;
    execute format('create unique index on %s (_version, _row_id)', landed);
    l.inserted := l.rows_staged;
  else
    loop
      drop table if exists pg_temp.qt_delta;
      if not has_rows then
        execute format('create temp table qt_delta on commit drop as
          select ''D'' as _change, _key_hash, _row_hash from %s where not _deleted', landed);
        columns := '{}';
      else
        execute format('select count(*) from %s', staging) into l.rows_staged;
        begin
          execute format('create temp table qt_delta on commit drop as
            select case when s._row_hash is null then ''D'' when l._key_hash is null then ''I'' when l._deleted then ''R'' else ''U'' end as _change,
              coalesce(s._key_hash, l._key_hash) as _key_hash, s._row_hash, %s
            from (%s) s
            full join (select _key_hash, _row_hash, _deleted from %s) l on l._key_hash = s._key_hash
            where case when s._row_hash is null then not l._deleted
                       else l._key_hash is null or l._deleted or l._row_hash <> s._row_hash end',
            array_to_string(values_sql, ', '), qt.hashed_snapshot(staging, cells, row_hash, key_hash, numbered), landed);
        exception when data_exception then
          perform qt.name_bad_values(staging, d.dataset_no);
          raise;
        end;
      end if;
      execute 'select count(*) filter (where _change in (''I'', ''R'')), count(*) filter (where _change = ''U''),
          count(*) filter (where _change = ''D'') from pg_temp.qt_delta' into l.inserted, l.updated, l.deleted;
      if exists (select from pg_temp.qt_delta x where x._key_hash is null) then
        perform qt.name_missing_keys(staging, d.dataset_no);
      end if;
      -- Rows that met a live row, seen from both sides: equal unless a key came twice.
      exit when l.rows_staged - l.inserted = d.live_rows - l.deleted
        and not exists (select from pg_temp.qt_delta x group by x._key_hash having count(*) > 1);
      if not keyless or numbered then
        perform qt.name_duplicate_keys(staging, d.dataset_no);
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
    for added in
      select c.* from pg_temp.qt_column c
      where not exists (select from qt.dataset_column k where k.dataset_no = d.dataset_no and k.name = c.name) order by c.place
    loop
      execute format('alter table %s add column %I %s', landed, added.name, qt.physical_type(added.type));
    end loop;
    perform qt.apply_delta(landed, columns, l.version, d.dataset_no);
  end if;

  update qt.dataset_column k set header = c.header
  from pg_temp.qt_column c where k.dataset_no = d.dataset_no and k.name = c.name and k.header <> c.header;
  insert into qt.dataset_column (dataset_no, ordinal, header, name, type, on_error)
  select d.dataset_no, coalesce((select max(k.ordinal) from qt.dataset_column k where k.dataset_no = d.dataset_no), 0)
           + row_number() over (order by c.place), c.header, c.name, c.type, c.on_error
  from pg_temp.qt_column c
  where not exists (select from qt.dataset_column k where k.dataset_no = d.dataset_no and k.name = c.name);

  update qt.dataset x set published_version = l.version, published_snapshot_time = l.snapshot_time,
    live_rows = x.live_rows + l.inserted - l.deleted
  where x.dataset_no = d.dataset_no;
  update qt.load x set status = 'published', ended_at = clock_timestamp(), version = l.version, rows_staged = l.rows_staged,
    inserted = l.inserted, updated = l.updated, deleted = l.deleted, error = null
  where x.run_id = publish.run_id;
  perform qt.drop_staging(publish.run_id);
  return query select 'published', l.version, l.rows_staged, l.inserted, l.updated, l.deleted;
end $$;

-- SQL for the snapshot's cells with their hashes, in layers that an OFFSET keeps from being flattened: each cell is made once and each
-- row hashed once, whatever is made of them above. A plain OFFSET 0 would keep parallel workers out of the layers above, because the
-- planner sees a cast to bigint there and no constant.
-- `numbered`: the n-th of equal rows is identified by the hash of (hash, n), the first by the hash alone.
create or replace function qt.hashed_snapshot(staging regclass, cells text, row_hash text, key_hash text, numbered boolean)
returns text language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  snapshot text := format('select %s from %s s offset bigint ''0''', cells, staging);
begin
  if key_hash is not null then
    return format('select %s as _key_hash, %s as _row_hash, v.* from (%s) v', key_hash, row_hash, snapshot);
  elsif not numbered then
    return format('select h._row_hash as _key_hash, h.* from (select %s as _row_hash, v.* from (%s) v offset bigint ''0'') h', row_hash, snapshot);
  end if;
  return format('select case n.__n when 1 then n._row_hash else sha256(n._row_hash || int8send(n.__n)) end as _key_hash, n.*
    from (select h.*, row_number() over (partition by h._row_hash) as __n
          from (select %s as _row_hash, v.* from (%s) v offset bigint ''0'') h) n', row_hash, snapshot);
end $$;

-- The first publish. The OFFSET keeps hashing and casting below the row numbering, where the parallel workers do it.
create or replace function qt.build_landed(landed text, source text, values_sql text[], version bigint)
returns bigint language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  rows bigint;
begin
  execute format('drop table %s', landed);
  execute format('create table %s as select row_number() over () as _row_id, r.*
    from (select substr(s._key_hash, 1, 8)::bigint as _k8, s._key_hash, s._row_hash, %s::bigint as _version, false as _deleted, %s
          from (%s) s offset bigint ''0'') r', landed, version, array_to_string(values_sql, ', '), source);
  get diagnostics rows = row_count;
  execute format('alter table %1$s alter _row_id set not null, alter _k8 set not null, alter _key_hash set not null,
    alter _row_hash set not null, alter _version set not null, alter _deleted set not null', landed);
  execute format('alter table %s alter _row_id add generated always as identity (start with %s)', landed, rows + 1);
  return rows;
end $$;

create or replace function qt.apply_delta(landed text, columns text[], version bigint, dataset_no integer)
returns void language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  vanished text[] := array(select quote_ident(k.name) from qt.dataset_column k where k.dataset_no = apply_delta.dataset_no
                           and not quote_ident(k.name) = any(columns));
begin
  analyze pg_temp.qt_delta (_change, _key_hash);
  if cardinality(columns) > 0 then
    execute format('update %s l set _row_hash = x._row_hash, _version = $1, _deleted = false%s from pg_temp.qt_delta x
      where x._change in (''U'', ''R'') and l._key_hash = x._key_hash', landed,
      (select string_agg(', ' || c || ' = x.' || c, '') from unnest(columns) c)
      || coalesce((select string_agg(', ' || c || ' = null', '') from unnest(vanished) c), '')) using version;
    execute format('insert into %s (_k8, _key_hash, _row_hash, _version, _deleted, %s)
      select substr(_key_hash, 1, 8)::bigint, _key_hash, _row_hash, $1, false, %s from pg_temp.qt_delta where _change = ''I''',
      landed, array_to_string(columns, ', '), array_to_string(columns, ', ')) using version;
  end if;
  execute format('update %s l set _version = $1, _deleted = true from pg_temp.qt_delta x
    where x._change = ''D'' and l._key_hash = x._key_hash', landed) using version;
end $$;
