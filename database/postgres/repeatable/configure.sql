create or replace function qt.configure(datasets text, unknown_datasets text)
returns void language plpgsql security definer set search_path = pg_catalog, pg_temp set datestyle = 'ISO' as $$
#variable_conflict use_column
declare
  item record;
  existing qt.dataset;
  clash text;
  changed record;
  shape text := 'Expected [{id, table, keyColumns: [], types: {header: {type, onError, format, thousands, decimal, percent}}, columns: {header: name}, exclude: [], guards: {maxShrinkPercent, maxColumnChangePercent, allowEmpty}}].';
begin
  perform pg_advisory_xact_lock(hashtextextended('qt:configure', 0));
  perform qt.renew_epochs_after_restore();
  if unknown_datasets is null or unknown_datasets not in ('ignore', 'land') then
    raise exception 'QT4020: unknown_datasets is "%"; use "ignore" or "land".', unknown_datasets;
  end if;
  if datasets is null or not pg_input_is_valid(datasets, 'jsonb') or jsonb_typeof(datasets::jsonb) <> 'array' then
    raise exception 'QT4020: The dataset configuration is not a JSON array. %', shape;
  end if;

  create temp table if not exists qt_wanted (id text, table_name text, max_shrink numeric, max_column_change numeric, allow_empty boolean) on commit drop;
  create temp table if not exists qt_wanted_header (id text, header text, excluded boolean, name text) on commit drop;
  create temp table if not exists qt_wanted_key (id text, header text, name text, ordinal bigint) on commit drop;
  create temp table if not exists qt_wanted_type (id text, header text, name text, type text, on_error text, declared jsonb, format text) on commit drop;
  truncate pg_temp.qt_wanted, pg_temp.qt_wanted_header, pg_temp.qt_wanted_key, pg_temp.qt_wanted_type;

  insert into pg_temp.qt_wanted
  select e->>'id', qt.physical_name(e->>'table'), coalesce((e->'guards'->>'maxShrinkPercent')::numeric, 50),
         coalesce((e->'guards'->>'maxColumnChangePercent')::numeric, 50), coalesce((e->'guards'->>'allowEmpty')::boolean, false)
  from jsonb_array_elements(datasets::jsonb) e;
  insert into pg_temp.qt_wanted_header
  select e->>'id', h.key, false, h.value from jsonb_array_elements(datasets::jsonb) e, jsonb_each_text(coalesce(e->'columns', '{}')) h
  union all
  select e->>'id', h.value, true, null from jsonb_array_elements(datasets::jsonb) e, jsonb_array_elements_text(coalesce(e->'exclude', '[]')) h;
  insert into pg_temp.qt_wanted_key
  select e->>'id', k.header, null, k.ordinal
  from jsonb_array_elements(datasets::jsonb) e, jsonb_array_elements_text(coalesce(e->'keyColumns', '[]')) with ordinality k(header, ordinal);
  insert into pg_temp.qt_wanted_type
  select e->>'id', t.header, null, replace(lower(coalesce(t.declared->>'type', 'text')), ' ', ''),
         coalesce(t.declared->>'onError', 'fail'), t.declared
  from jsonb_array_elements(datasets::jsonb) e, jsonb_each(coalesce(e->'types', '{}')) t(header, declared);

  update pg_temp.qt_wanted_key k set name = coalesce(
    (select max(h.name) from pg_temp.qt_wanted_header h where h.id = k.id and h.header = k.header), qt.physical_name(k.header));
  update pg_temp.qt_wanted_type t set name = coalesce(
    (select max(h.name) from pg_temp.qt_wanted_header h where h.id = t.id and h.header = t.header), qt.physical_name(t.header));

  for item in select * from pg_temp.qt_wanted loop
    if coalesce(item.id, '') = '' or length(item.id) > 200 or item.id <> btrim(item.id) or item.table_name is null
       or item.max_shrink not between 0 and 100 or item.max_column_change not between 0 and 100 then
      raise exception 'QT4020: The configuration of dataset "%" is incomplete or out of range. %', coalesce(item.id, '?'), shape;
    end if;
  end loop;
  select w.id into clash from pg_temp.qt_wanted w group by w.id having count(*) > 1;
  if clash is not null then
    raise exception 'QT4020: Dataset % is configured twice.', clash;
  end if;
  select w.table_name into clash from pg_temp.qt_wanted w group by w.table_name having count(*) > 1;
  if clash is not null then
    raise exception 'QT4022: Two datasets land in table %. Give one of them another table name.', clash;
  end if;
  for item in
    select * from pg_temp.qt_wanted_header h
    where coalesce(length(h.header), 0) not between 1 and 200
       or not h.excluded and (h.name is null or h.name !~ '^[a-z](_?[a-z0-9])*_?$' or length(h.name) > 60 or h.name = 'qt_row_id')
  loop
    raise exception 'QT4025: Dataset % gives % the column name "%". A name has lower-case letters, digits and single underscores, a letter first, at most 60, and is not qt_row_id; a header has at most 200 characters.',
      item.id, coalesce(qt.visible_text(left(item.header, 100)), '""'), coalesce(left(item.name, 100), '');
  end loop;
  for item in
    select h.id, min(h.header) as first, max(h.header) as last from pg_temp.qt_wanted_header h where not h.excluded group by h.id, h.name having count(*) > 1
    union all
    -- To SQL Server a header is the same with and without blanks at its end.
    select h.id, min(h.header), max(h.header) from pg_temp.qt_wanted_header h group by h.id, rtrim(h.header, ' ') having count(*) > 1
  loop
    raise exception 'QT4025: Dataset % names or excludes % and %, which are the same header or get the same column. Keep one.', item.id,
      qt.visible_text(left(item.first, 100)), qt.visible_text(left(item.last, 100));
  end loop;
  for item in
    select h.id, h.header from pg_temp.qt_wanted_header h
    where h.excluded and (exists (select from pg_temp.qt_wanted_key k where k.id = h.id and k.header = h.header)
                          or exists (select from pg_temp.qt_wanted_type t where t.id = h.id and t.header = h.header))
  loop
    raise exception 'QT4025: Dataset % excludes % and declares it as a key column or with a type. Keep one.', item.id, qt.visible_text(left(item.header, 100));
  end loop;
  for item in
    select x.id, min(x.header) as first, max(x.header) as last, count(*) as n, bool_or(x.name is null) as nameless
    from (select id, header, name, 'key' as kind from pg_temp.qt_wanted_key
          union all select id, header, name, 'type' from pg_temp.qt_wanted_type) x
    group by x.id, x.kind, x.name
  loop
    if item.nameless then
      raise exception 'QT4025: Dataset % declares column %, of which no column name can be made. Give it a name in columns, or a letter or digit in Quantemplate.',
        item.id, qt.visible_text(left(item.first, 100));
    elsif item.n > 1 then
      raise exception 'QT4025: Dataset % declares % and %, which are the same column. Keep one.', item.id,
        qt.visible_text(left(item.first, 100)), qt.visible_text(left(item.last, 100));
    end if;
  end loop;
  for item in select t.* from pg_temp.qt_wanted_type t loop
    perform qt.physical_type(item.type);
    if item.on_error not in ('fail', 'null') then
      raise exception 'QT4020: Column % of dataset % has onError "%"; use "fail" or "null".', qt.visible_text(left(item.header, 100)), item.id, item.on_error;
    end if;
  end loop;
  -- What makes no sense is ''.
  update pg_temp.qt_wanted_type t set format = case
    when t.declared->>'format' is null then
      qt.number_format(t.type, t.declared->>'thousands', t.declared->>'decimal', coalesce(t.declared->>'percent' = 'true', false))
    when t.declared->>'thousands' is null and t.declared->>'decimal' is null and t.declared->>'percent' is distinct from 'true'
      and qt.format_tokens(t.type, t.declared->>'format') is not null then t.declared->>'format'
    else '' end;
  for item in select t.* from pg_temp.qt_wanted_type t where t.format = '' loop
    raise exception 'QT4027: Column % of dataset % has a format that % cannot have. A date has yyyy, MM (M, MMM) and dd (d) once each, a datetime2 also HH (H) and mm, ss, and fff at the end; numbers have thousands and decimal, two different signs; float, and decimal(p,s) with p up to 35 and s from 2, percent.',
      qt.visible_text(left(item.header, 100)), item.id, item.type;
  end loop;
  -- As many as SQL Server takes in one expression, of 65,535 names. A text column has six, and each of these so many more.
  for item in
    select t.id, count(t.format) as formats from pg_temp.qt_wanted_type t group by t.id
    having sum(case when t.format is null then 31 when t.format not like '1%' then 42 * (1 << regexp_count(t.format, '(?<![MdH])[MdH](?![MdH])'))
      when t.type in ('int', 'bigint') then 60 when t.format like '%\%' then 150 else 90 end) > 59000
  loop
    raise exception 'QT4028: Dataset % has % columns with a format, too many for one statement. Write dd, MM and HH where the texts have two digits, or exclude columns.',
      item.id, item.formats;
  end loop;

  -- Every lock first, in the order of the datasets' numbers.
  for item in
    select d.dataset_no from qt.dataset d where d.table_name in (select w.table_name from pg_temp.qt_wanted w) order by d.dataset_no
  loop
    perform qt.lock_dataset(item.dataset_no);
  end loop;

  insert into qt.setting values ('unknown_datasets', unknown_datasets)
  on conflict (name) do update set value = excluded.value;

  -- First retire, so that an id can move to a new table in the same call.
  update qt.dataset d set status = 'retired', retired_at = clock_timestamp()
  where d.status = 'active'
    and not exists (select from pg_temp.qt_wanted w where w.id = d.dataset_id and w.table_name = d.table_name)
    and (d.origin = 'configured' or unknown_datasets = 'ignore'
         or exists (select from pg_temp.qt_wanted w where w.id = d.dataset_id));

  for item in
    select w.*, '[' || coalesce((select string_agg('"' || k.name || '"', ',' order by k.ordinal)
                                 from pg_temp.qt_wanted_key k where k.id = w.id), '') || ']' as key_columns
    from pg_temp.qt_wanted w order by w.id
  loop
    perform qt.release_unused(item.table_name, item.id);
    select * into existing from qt.dataset d where d.table_name = item.table_name;
    if existing.dataset_no is null then
      insert into qt.dataset (dataset_id, table_name, origin, key_columns, max_shrink_percent, max_column_change_percent, allow_empty, epoch)
      values (item.id, item.table_name, 'configured', item.key_columns, item.max_shrink, item.max_column_change, item.allow_empty, gen_random_uuid()::text)
      returning * into existing;
      perform qt.create_landed_table(existing.dataset_no);
    else
      if existing.dataset_id <> item.id then
        raise exception 'QT4022: Table % belongs to dataset %, not %. Use a new table name.', item.table_name, existing.dataset_id, item.id;
      end if;
      if (select jsonb_agg(k order by k) from jsonb_array_elements(existing.key_columns::jsonb) k)
         is distinct from (select jsonb_agg(k order by k) from jsonb_array_elements(item.key_columns::jsonb) k) then
        raise exception 'QT4021: Dataset % has the key % and cannot get the key % in table %: its rows would become other rows. Use a new table name.',
          item.id, existing.key_columns, item.key_columns, item.table_name;
      end if;
      update qt.dataset d set status = 'active', retired_at = null, origin = 'configured', key_columns = item.key_columns,
        max_shrink_percent = item.max_shrink, max_column_change_percent = item.max_column_change, allow_empty = item.allow_empty
      where d.dataset_no = existing.dataset_no;
    end if;

    delete from qt.dataset_header h where h.dataset_no = existing.dataset_no;
    insert into qt.dataset_header (dataset_no, header, name)
    select existing.dataset_no, h.header, h.name from pg_temp.qt_wanted_header h where h.id = item.id;
    delete from qt.dataset_type t where t.dataset_no = existing.dataset_no;
    insert into qt.dataset_type (dataset_no, name, type, on_error, format)
    select existing.dataset_no, t.name, t.type, t.on_error, t.format from pg_temp.qt_wanted_type t where t.id = item.id;
    for changed in
      select c.name, coalesce(t.type, 'text') as type, coalesce(t.on_error, 'fail') as on_error
      from qt.dataset_column c left join qt.dataset_type t on t.dataset_no = c.dataset_no and t.name = c.name
      where c.dataset_no = existing.dataset_no and c.type <> coalesce(t.type, 'text')
      order by c.ordinal
    loop
      perform qt.change_type(existing.dataset_no, changed.name, changed.type, changed.on_error);
    end loop;
    -- A column whose change is left to qt.change_types keeps what it has until then.
    update qt.dataset_column c set on_error = coalesce(
      (select t.on_error from qt.dataset_type t where t.dataset_no = c.dataset_no and t.name = c.name), 'fail'),
      format = (select t.format from qt.dataset_type t where t.dataset_no = c.dataset_no and t.name = c.name)
    where c.dataset_no = existing.dataset_no
      and c.type = coalesce((select t.type from qt.dataset_type t where t.dataset_no = c.dataset_no and t.name = c.name), 'text');
  end loop;
end $$;
