-- What is kept of an erased key: a hash of the key's columns and of what identifies the row in the table, which of a short key is its text.
create or replace function qt.erased_hash(names text, identity bytea)
returns bytea language sql immutable parallel safe set search_path = pg_catalog, pg_temp
begin atomic
  select sha256(convert_to(names || ':', 'UTF8') || identity);
end;

-- SQL that is true of a staged row whose key was erased.
create or replace function qt.erased_sql(dataset_no integer, staging regclass)
returns text language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  id text := (select d.dataset_id from qt.dataset d where d.dataset_no = erased_sql.dataset_no);
  names text;
  texts text[];
begin
  if exists (select from qt.erased_key e where e.dataset_id = id) then
    select string_agg(c.name, ',' order by c.name), array_agg(qt.text_sql(c.type, format('(%s)', qt.formatted_value_sql(c.type, c.format, c.staged))) order by c.name)
    into names, texts
    from qt.snapshot_columns(erased_sql.dataset_no, staging) c where c.is_key;
  end if;
  return case when texts is null then 'false' else format('coalesce(qt.erased_hash(%L, %s) in (select e.key_hash from qt.erased_key e where e.dataset_id = %L), false)', names, qt.key_sql(texts), id) end;
end $$;

-- The staging table without the rows whose keys were erased: the table itself, or a temporary one if the dataset has erased keys.
create or replace function qt.without_erased(dataset_no integer, staging regclass)
returns regclass language plpgsql set search_path = pg_catalog, pg_temp set client_min_messages = warning as $$
declare
  erased text := qt.erased_sql(dataset_no, staging);
begin
  if erased = 'false' then
    return staging;
  end if;
  drop table if exists pg_temp.qt_kept;
  execute format('create temp table qt_kept on commit drop as select * from %s s where not %s', staging, erased);
  return 'pg_temp.qt_kept'::regclass;
end $$;
