drop function if exists qt.name_bad_values(regclass, integer);

-- Stops the statement that converts a snapshot at a value that does not. The caller then has the first ones named.
create or replace function qt.refuse_value(value text)
returns text language plpgsql immutable parallel safe set search_path = pg_catalog, pg_temp as $$
begin
  raise data_exception using message = 'A value does not convert.';
end $$;

-- The first cells that do not convert. A line is a record, the header being the first. Rows of erased keys do not count.
create or replace function qt.bad_values(run_id text)
returns table (line bigint, place integer, header text, type text, value text) language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  dataset_no integer := (select l.dataset_no from qt.load l where l.run_id = bad_values.run_id);
  staging regclass := to_regclass(format('staging.%I', qt.staging_name(bad_values.run_id)));
  cells text := (select string_agg(format('(%s, %L, %L, %s, %s)', c.place, c.header, c.type || coalesce(' as ' || c.format, ''), c.staged,
      'btrim(' || c.staged || ') <> '''' and (' || qt.formatted_value_sql(c.type, c.format, c.staged) || ') is null'), ', ')
    from qt.snapshot_columns(dataset_no, staging) c where c.type <> 'text' and c.on_error = 'fail');
begin
  if cells is not null then
    return query execute format('select __line, place, header, type, value
      from (select row_number() over (order by ctid) + 1 as __line, %s as __erased, * from %s s) s, lateral (values %s) cell(place, header, type, value, bad)
      where bad and not __erased order by __line, place limit 100', qt.erased_sql(dataset_no, staging), staging, cells);
  end if;
end $$;

-- Raises the error that names the first cells which do not convert, by line, column and kind; returns if there are none.
create or replace function qt.name_bad_values(run_id text)
returns void language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  named text;
begin
  select string_agg(format('line %s, column %s is not %s%s', b.line, qt.visible_text(left(b.header, 100)), b.type,
    case b.type when 'datetime2' then ' (milliseconds at most)' else '' end), '; ' order by b.line, b.place) into named
  from (select * from qt.bad_values(name_bad_values.run_id) order by line, place limit 5) b;
  if named is not null then
    raise exception 'QT4015: The snapshot has values that do not convert: %. An auditor finds them in qt.refused_value for run %. Correct them in Quantemplate, or declare onError null.',
      named, name_bad_values.run_id;
  end if;
end $$;
