drop function if exists qt.name_duplicate_keys(regclass, integer);

-- The first duplicate keys, a row for each of their columns. Lines are counted as in qt.bad_values.
create or replace function qt.duplicate_keys(run_id text)
returns table (line bigint, last_line bigint, times bigint, place integer, header text, value text)
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  dataset_no integer := (select l.dataset_no from qt.load l where l.run_id = duplicate_keys.run_id);
  staging regclass := to_regclass(format('staging.%I', qt.staging_name(duplicate_keys.run_id)));
  texts text;
  names text;
  firsts text;
  cells text;
begin
  select string_agg(format(', %s as __cell%s', qt.text_sql(c.type, qt.formatted_value_sql(c.type, c.format, c.staged)), c.place), ''),
         string_agg(format('__cell%s', c.place), ', '),
         string_agg(format(', min(__cell%1$s) as __cell%1$s', c.place), ''),
         string_agg(format('(%s, %L, __cell%s)', c.place, c.header, c.place), ', ')
  into texts, names, firsts, cells
  from qt.snapshot_columns(dataset_no, staging) c where c.is_key;
  if names is not null then
    return query execute format('select __line, __last, __times, place, header, value
      from (select min(__line) as __line, max(__line) as __last, count(*) as __times%s
            from (select row_number() over (order by ctid) + 1 as __line, %s as __erased%s from %s s) n
            where not __erased group by %s having count(*) > 1 order by 1 limit 20) f, lateral (values %s) cell(place, header, value)
      order by __line, place', firsts, qt.erased_sql(dataset_no, staging), texts, staging, names, cells);
  end if;
end $$;

-- Raises the error that says in which lines the first duplicate keys are; returns if there are none.
create or replace function qt.name_duplicate_keys(run_id text)
returns void language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  named text;
  headers text;
begin
  create temp table qt_twice on commit drop as select * from qt.duplicate_keys(name_duplicate_keys.run_id);
  select string_agg(format('%s times in lines %s %s %s', t.times, t.line, case t.times when 2 then 'and' else 'to' end, t.last_line), '; ' order by t.line) into named
  from (select distinct line, last_line, times from pg_temp.qt_twice order by line limit 5) t;
  select string_agg(qt.visible_text(t.header), ', ' order by t.place) into headers
  from (select distinct place, header from pg_temp.qt_twice) t;
  drop table pg_temp.qt_twice;
  if named is not null then
    raise exception 'QT4012: The snapshot has the same key (%) more than once: %. An auditor finds the keys in qt.refused_value for run %. Correct it in Quantemplate, or configure the columns that identify a row.',
      left(headers, 300), named, name_duplicate_keys.run_id;
  end if;
end $$;
