-- One step of the changes of type that qt.configure left to be made beside their tables, because they are large. Call it until it returns no
-- row; each call is a short transaction, so that a stopped runner continues where it was. An administrator calls it.
--
-- A copy of the table with the wanted types is filled in the order of the feed. What is loaded meanwhile gets a new version, so it comes
-- later in that order and replaces what was copied before. When nothing is left, the copy takes the table's place under the dataset's
-- lock. Rows whose text in the feed changes stand in the copy with a version that is higher than those of the loads meanwhile: readers get
-- them all at once, as those of one publish.
create or replace function qt.change_types(rows integer default 50000)
returns table (dataset_id text, state text, columns integer, copied_rows bigint, live_rows bigint, error text)
language plpgsql security definer set search_path = pg_catalog, pg_temp set datestyle = 'ISO' set extra_float_digits = 1 as $$
#variable_conflict use_column
declare
  d qt.dataset;
  x qt.type_change;
  wanted text;
  copied bigint;
  -- A version number may be left out, so there is room for that many loads while a copy is made; after more it begins again.
  room constant bigint := 1000;
begin
  if rows is null or rows < 1 then
    raise exception 'QT4032: qt.change_types needs at least one row a call.';
  end if;
  select * into d from qt.dataset y
  where exists (select from qt.type_change z where z.dataset_no = y.dataset_no) or exists (select from qt.wanted_types(y.dataset_no))
  order by y.dataset_no limit 1;
  if d.dataset_no is null then
    return;
  end if;
  dataset_id := d.dataset_id;
  live_rows := d.live_rows;
  begin
    perform set_config('lock_timeout', '5s', true);
    perform pg_advisory_xact_lock(hashtextextended('qt:dataset:' || d.dataset_no, 0));
  exception when lock_not_available then
    state := 'waiting';
    return next;
    return;
  end;
  select * into d from qt.dataset y where y.dataset_no = d.dataset_no;
  select * into x from qt.type_change y where y.dataset_no = d.dataset_no;
  select count(*), string_agg(format('%s %s %s %s%s', w.name, w.old, w.type, w.on_error, ' ' || t.format), ',' order by w.name) into columns, wanted
  from qt.wanted_types(d.dataset_no) w left join qt.dataset_type t on t.dataset_no = d.dataset_no and t.name = w.name;
  live_rows := d.live_rows;
  copied_rows := coalesce(x.copied_rows, 0);
  if x.dataset_no is not null and (wanted is distinct from x.wanted or d.published_version >= x.version) then
    perform qt.drop_copy(d.dataset_no);
    state := 'dropped';
  elsif x.dataset_no is null and wanted is null then
    -- Another runner has just made it; there may be more.
    state := 'dropped';
  elsif x.dataset_no is null then
    insert into qt.type_change (dataset_no, wanted, begun_version, version)
    values (d.dataset_no, wanted, d.published_version, d.published_version + room) returning * into x;
    perform qt.create_copy(d.dataset_no, 'change__' || x.change_no);
    state := 'copying';
  else
    perform qt.complete_copy(d.dataset_no);
    select c.copied, c.error into copied, error from qt.copy_rows(d.dataset_no, rows) c;
    select y.copied_rows into copied_rows from qt.type_change y where y.dataset_no = d.dataset_no;
    state := 'copying';
    if error is null and copied < rows then
      if copied_rows <> d.live_rows then
        error := format('QT4033: The catalogue of dataset %s does not match table data.%s: rows were changed by hand. Restore the table, or use a new table name.',
          d.dataset_id, d.table_name);
      elsif qt.switch_table(d.dataset_no) then
        state := 'changed';
      else
        state := 'waiting';
      end if;
    end if;
    if error is not null then
      perform qt.drop_copy(d.dataset_no);
      state := 'refused';
    end if;
  end if;
  return next;
end $$;

-- Columns that have landed with another type than the tenant now wants: two hundred at most, to bound the statements.
create or replace function qt.wanted_types(dataset_no integer)
returns table (name text, header text, old text, type text, on_error text)
language sql stable set search_path = pg_catalog, pg_temp
begin atomic
  select c.name, c.header, c.type, coalesce(t.type, 'text'), coalesce(t.on_error, 'fail')
  from qt.dataset d join qt.dataset_column c on c.dataset_no = d.dataset_no
  left join qt.dataset_type t on t.dataset_no = c.dataset_no and t.name = c.name
  where d.dataset_no = wanted_types.dataset_no and d.status = 'active' and c.type <> coalesce(t.type, 'text')
  order by c.ordinal limit 200;
end;

-- An empty table with the columns of the landed one, of the wanted types; it numbers rows on from where the landed one is.
create or replace function qt.create_copy(dataset_no integer, copy text)
returns void language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  item record;
begin
  execute format('create table data.%I (_row_id bigint generated always as identity, _key_hash bytea not null,
    _version bigint not null, _deleted boolean not null)', copy);
  for item in
    select c.name, coalesce(w.type, c.type) as type from qt.dataset_column c left join qt.wanted_types(create_copy.dataset_no) w on w.name = c.name
    where c.dataset_no = create_copy.dataset_no order by c.ordinal
  loop
    execute format('alter table data.%I add column %I %s', copy, item.name, qt.physical_type(item.type));
  end loop;
  perform qt.index_landed(format('data.%I', copy));
end $$;
