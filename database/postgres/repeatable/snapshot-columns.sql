drop function if exists qt.snapshot_columns(integer, regclass);

-- The columns of a staging table that land, with the names and types they land under; refuses names that cannot land.
create or replace function qt.snapshot_columns(dataset_no integer, staging regclass)
returns table (place integer, staged text, header text, name text, type text, on_error text, is_key boolean, format text)
language plpgsql set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
declare
  keys jsonb := (select d.key_columns::jsonb from qt.dataset d where d.dataset_no = snapshot_columns.dataset_no);
  next_number int := (select coalesce(max(c.ordinal), 0) + 1 from qt.dataset_column c where c.dataset_no = snapshot_columns.dataset_no);
  column_name text;
  first_of jsonb := '{}';
  columns int;
  first_header text;
  looks_like text;
  configured jsonb;
  replaced record;
begin
  select count(*), min(ltrim(coalesce(col_description(a.attrelid, a.attnum), a.attname))) filter (where a.attnum = 1) into columns, first_header
  from pg_attribute a where a.attrelid = staging and a.attnum > 0 and not a.attisdropped;
  looks_like := case
    when left(first_header, 1) = '{' or left(first_header, 2) = '[{' then 'JSON'
    when left(first_header, 2) in ('<!', '<?') or lower(left(first_header, 5)) = '<html' then 'HTML or XML'
    when columns > 1 then null
    when first_header like '%;%' then 'columns separated by semicolons'
    when first_header like e'%\t%' then 'columns separated by tabs'
    when first_header like '%|%' then 'columns separated by vertical bars' end;
  if looks_like is not null then
    raise exception 'QT4006: The snapshot of dataset % begins with %, which looks like %. Expected is a CSV: a header with the columns'' names, separated by commas. Look at the dataset in Quantemplate.',
      (select d.dataset_id from qt.dataset d where d.dataset_no = snapshot_columns.dataset_no), qt.visible_text(left(first_header, 100)), looks_like;
  end if;
  -- A header as it is configured decides. Another spelling of it counts too: always of an excluded one, else if the snapshot does not have
  -- the configured one itself and only one has that spelling. What is configured without a name is excluded.
  with s as (
    select coalesce(col_description(a.attrelid, a.attnum), a.attname) as header
    from pg_attribute a where a.attrelid = staging and a.attnum > 0 and not a.attisdropped),
  h as (select h.header, h.name from qt.dataset_header h where h.dataset_no = snapshot_columns.dataset_no)
  select coalesce(jsonb_object_agg(s.header, n.name) filter (where n.matched), '{}') into configured
  from s cross join lateral (
    select true as matched, h.name from h where h.header = s.header
    union all
    select true, case when bool_and(h.name is not null) then max(h.name) end from h
    where not exists (select from h x where x.header = s.header) and qt.bare_header(h.header) = qt.bare_header(s.header) and qt.bare_header(s.header) <> ''
      and (h.name is null or not exists (select from s x where x.header = h.header))
    having bool_or(h.name is null) or count(*) = 1) n;
  for place, staged, header in
    select a.attnum, quote_ident(a.attname), coalesce(col_description(a.attrelid, a.attnum), a.attname)
    from pg_attribute a where a.attrelid = staging and a.attnum > 0 and not a.attisdropped order by a.attnum
  loop
    continue when configured->header = 'null';
    column_name := coalesce(configured->>header, qt.physical_name(header));
    if column_name is null then
      -- A header without a letter or digit keeps the number it got when it was first seen.
      select c.name into column_name from qt.dataset_column c
      where c.dataset_no = snapshot_columns.dataset_no and c.header = snapshot_columns.header
        and not exists (select from qt.dataset_header h where h.dataset_no = snapshot_columns.dataset_no and h.name = c.name)
      order by c.ordinal limit 1;
      while column_name is null loop
        column_name := 'column_' || next_number;
        next_number := next_number + 1;
        if first_of ? column_name
           or exists (select from qt.dataset_column c where c.dataset_no = snapshot_columns.dataset_no and c.name = column_name)
           or exists (select from qt.dataset_header h where h.dataset_no = snapshot_columns.dataset_no and h.name = column_name) then
          column_name := null;
        end if;
      end loop;
    end if;
    name := column_name;
    -- qt_row_id is what the function keys a keyless dataset by.
    if name in ('_row_id', '_k8', '_key_hash', '_row_hash', '_version', '_deleted') or name like '\_fivetran%'
       or (name = 'qt_row_id' and keys = '[]')
       -- PostgreSQL's own, which no table can have a second time.
       or name in ('ctid', 'xmin', 'xmax', 'cmin', 'cmax', 'tableoid') then
      raise exception 'QT4017: The header % would become the column "%", a name that is reserved. Rename it in Quantemplate, or name it in the dataset''s columns.', qt.visible_text(header), name;
    end if;
    if first_of ? name then
      raise exception 'QT4016: The headers % and % would both become the column "%". Name them in the dataset''s columns, or rename one in Quantemplate.',
        qt.visible_text(first_of->>name), qt.visible_text(header), name;
    end if;
    first_of := first_of || jsonb_build_object(name, header);
    -- A column that has landed keeps its type until qt.change_types has changed it.
    select t.type, t.on_error, t.format into type, on_error, format from (
      select c.type, c.on_error, c.format, 1 as place from qt.dataset_column c where c.dataset_no = snapshot_columns.dataset_no and c.name = column_name
      union all
      select y.type, y.on_error, y.format, 2 from qt.dataset_type y where y.dataset_no = snapshot_columns.dataset_no and y.name = column_name) t
    order by t.place limit 1;
    type := coalesce(type, 'text');
    on_error := coalesce(on_error, 'fail');
    is_key := keys ? name;
    return next;
  end loop;
  if columns > 0 and first_of = '{}' then
    raise exception 'QT4026: Every column of the snapshot of dataset % is excluded, so nothing would land. Take one out of the dataset''s exclude, or look at the header in Quantemplate.',
      (select d.dataset_id from qt.dataset d where d.dataset_no = snapshot_columns.dataset_no);
  end if;
  -- A header that is not the one its column had, is configured for, or would be excluded from, is another column with the same name.
  for replaced in
    select c.header, c.name, o.header as other
    from (select f.value as header, f.key as name from jsonb_each_text(first_of) f where not configured ? f.value) c
    join (
      select k.header, k.name from qt.dataset_column k where k.dataset_no = snapshot_columns.dataset_no
      union all
      select h.header, coalesce(h.name, qt.physical_name(h.header)) from qt.dataset_header h
      where h.dataset_no = snapshot_columns.dataset_no and (h.name is not null or (
        not exists (select from jsonb_each(configured) x where x.value = 'null' and qt.bare_header(x.key) = qt.bare_header(h.header))
        and not exists (select from qt.dataset_column k where k.dataset_no = snapshot_columns.dataset_no and k.name = qt.physical_name(h.header))))) o
      on o.name = c.name
    where qt.bare_header(o.header) <> qt.bare_header(c.header)
  loop
    raise exception 'QT4007: In dataset % the header % would take the place of % in the column "%". Name them in the dataset''s columns: each with a column of its own, or the new one with this column if it replaces the other.',
      (select d.dataset_id from qt.dataset d where d.dataset_no = snapshot_columns.dataset_no),
      qt.visible_text(replaced.header), qt.visible_text(replaced.other), replaced.name;
  end loop;
  -- As many as fit into a table of SQL Server beside our six and one more for a change of type.
  select count(*) into columns from (
    select c.name from qt.dataset_column c where c.dataset_no = snapshot_columns.dataset_no union select jsonb_object_keys(first_of)) a;
  if columns > 1017 then
    raise exception 'QT4018: With this snapshot dataset % would have % columns, counting those that vanished; 1017 fit. Remove some in Quantemplate, or use a new table name.',
      (select d.dataset_id from qt.dataset d where d.dataset_no = snapshot_columns.dataset_no), columns;
  end if;
end $$;
