-- The columns of a staging table with the names and types they land under; refuses names that cannot land.
create or replace function qt.snapshot_columns(dataset_no integer, staging regclass)
returns table (place integer, staged text, header text, name text, type text, on_error text, is_key boolean)
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
  for place, staged, header in
    select a.attnum, quote_ident(a.attname), coalesce(col_description(a.attrelid, a.attnum), a.attname)
    from pg_attribute a where a.attrelid = staging and a.attnum > 0 and not a.attisdropped order by a.attnum
  loop
    column_name := qt.physical_name(header);
    if column_name is null then
      -- A header without a letter or digit keeps the number it got when it was first seen.
      select c.name into column_name from qt.dataset_column c where c.dataset_no = snapshot_columns.dataset_no and c.header = snapshot_columns.header;
      while column_name is null or (first_of ? column_name and column_name not in (
              select c.name from qt.dataset_column c where c.dataset_no = snapshot_columns.dataset_no and c.header = snapshot_columns.header)) loop
        column_name := 'column_' || next_number;
        next_number := next_number + 1;
        if exists (select from qt.dataset_column c where c.dataset_no = snapshot_columns.dataset_no and c.name = column_name) then
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
      raise exception 'QT4017: The header % would become the column "%", a name that is reserved. Rename it in Quantemplate.', qt.visible_text(header), name;
    end if;
    if first_of ? name then
      raise exception 'QT4016: The headers % and % would both become the column "%". Rename one of them in Quantemplate.',
        qt.visible_text(first_of->>name), qt.visible_text(header), name;
    end if;
    first_of := first_of || jsonb_build_object(name, header);
    select t.type, t.on_error into type, on_error from qt.dataset_type t where t.dataset_no = snapshot_columns.dataset_no and t.name = column_name;
    type := coalesce(type, 'text');
    on_error := coalesce(on_error, 'fail');
    is_key := keys ? name;
    return next;
  end loop;
  -- As many as fit into a table of SQL Server beside our six and one more for a change of type.
  select count(*) into columns from (
    select c.name from qt.dataset_column c where c.dataset_no = snapshot_columns.dataset_no union select jsonb_object_keys(first_of)) a;
  if columns > 1017 then
    raise exception 'QT4018: With this snapshot dataset % would have % columns, counting those that vanished; 1017 fit. Remove some in Quantemplate, or use a new table name.',
      (select d.dataset_id from qt.dataset d where d.dataset_no = snapshot_columns.dataset_no), columns;
  end if;
end $$;
