-- Stops the statement that converts a snapshot at a value that does not. The caller then has the first ones named.
create or replace function qt.refuse_value(value text)
returns text language plpgsql immutable parallel safe set search_path = pg_catalog, pg_temp as $$
begin
  raise data_exception using message = 'A value does not convert.';
end $$;

-- Raises the error that names the first cells which do not convert; returns when there are none. A line is a record, the header being
-- the first.
create or replace function qt.name_bad_values(staging regclass, dataset_no integer)
returns void language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  cells text := (select string_agg(format('(%s, %L, %L, %s, %s)', c.place, c.header, c.type, c.staged,
      'btrim(' || c.staged || ') <> '''' and (' || qt.value_sql(c.type, c.staged) || ') is null'), ', ')
    from qt.snapshot_columns(dataset_no, staging) c where c.type <> 'text' and c.on_error = 'fail');
  named text;
begin
  if cells is null then
    return;
  end if;
  execute format('select string_agg(format(''line %%s, column %%s: "%%s" is not %%s'', line, qt.visible_text(left(header, 100)), left(value, 100), type
        || case type when ''datetime2'' then '' (milliseconds at most)'' else '''' end), ''; '')
    from (select __line as line, header, type, value
          from (select row_number() over (order by ctid) + 1 as __line, * from %s) s,
               lateral (values %s) cell(place, header, type, value, bad)
          where bad order by __line, place limit 5) f', staging, cells) into named;
  if named is not null then
    raise exception 'QT4015: The snapshot has values that do not convert: %. Correct them in Quantemplate, or declare onError null.', named;
  end if;
end $$;
