-- Copies the next rows of a dataset whose type is being changed. Returns how many, or what keeps them from being converted.
create or replace function qt.copy_rows(dataset_no integer, rows integer)
returns table (copied bigint, error text) language plpgsql set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
declare
  d qt.dataset;
  x qt.type_change;
  landed text;
  copy text;
  names text;
  cells text;
  texts text;
  differs text;
  last record;
  gone bigint := 0;
begin
  select * into d from qt.dataset y where y.dataset_no = copy_rows.dataset_no;
  select * into x from qt.type_change y where y.dataset_no = d.dataset_no;
  landed := format('data.%I', d.table_name);
  copy := format('data.%I', 'change__' || x.change_no);

  select string_agg(format(', %I', c.name), '' order by c.ordinal),
         string_agg(case when w.name is null then format(', l.%I', c.name)
           else format(', %s as %I', qt.formatted_value_sql(w.type,
             (select t.format from qt.dataset_type t where t.dataset_no = c.dataset_no and t.name = c.name and w.old = 'text'), qt.text_sql(w.old, format('l.%I', c.name))), c.name) end, '' order by c.ordinal),
         string_agg(format(', %s as __t%s', qt.text_sql(w.old, format('l.%I', c.name)), c.ordinal), '' order by c.ordinal) filter (where w.name is not null),
         string_agg(format('__t%s is distinct from %s', c.ordinal, qt.text_sql(w.type, quote_ident(c.name))), ' or ') filter (where w.name is not null)
  into names, cells, texts, differs
  from qt.dataset_column c left join qt.wanted_types(d.dataset_no) w on w.name = c.name where c.dataset_no = d.dataset_no;
  drop table if exists pg_temp.qt_copied;
  execute format('create temp table qt_copied on commit drop as select l._version as __from, l._row_id, l._key_hash, l._deleted%s%s from %s l
    where (l._version, l._row_id) > ($1, $2) order by l._version, l._row_id limit $3', cells, texts, landed)
    using x.copied_version, x.copied_row, rows;
  get diagnostics copied = row_count;

  error := qt.name_refused_type(d.dataset_no);
  if error is not null then
    return next;
    return;
  end if;

  select c.__from, c._row_id into last from pg_temp.qt_copied c order by c.__from desc, c._row_id desc limit 1;
  if last.__from > x.begun_version then
    execute format('with gone as (delete from %s b using pg_temp.qt_copied c where c._key_hash = b._key_hash returning b._deleted)
      select count(*) from gone where not _deleted', copy) into gone;
  end if;
  execute format('insert into %s (_row_id, _key_hash, _version, _deleted%s) overriding system value
    select _row_id, _key_hash, case when not _deleted and (%s) then $1 else __from end, _deleted%s from pg_temp.qt_copied', copy, names, differs, names)
    using x.version;
  update qt.type_change y set copied_version = coalesce(last.__from, y.copied_version), copied_row = coalesce(last._row_id, y.copied_row),
    copied_rows = y.copied_rows - gone + (select count(*) from pg_temp.qt_copied c where not c._deleted)
  where y.dataset_no = d.dataset_no;
  return next;
end $$;
