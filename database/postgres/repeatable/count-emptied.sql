-- Counts, for each column with onError null, the filled cells of the snapshot that became NULL: JSON, NULL if there are none. Reads
-- pg_temp.qt_column, and the landed table, whose live rows are the snapshot's.
create or replace function qt.count_emptied(landed text, staging regclass)
returns text language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  names text[];
  filled text;
  valued text;
  emptied text;
begin
  if staging is null then
    return null;
  end if;
  select array_agg(c.name order by c.place), string_agg(format('count(*) filter (where btrim(%s) <> '''')', c.staged), ', ' order by c.place),
    string_agg(format('count(%I)', c.name), ', ' order by c.place)
  into names, filled, valued
  from pg_temp.qt_column c where c.type <> 'text' and c.on_error = 'null';
  execute format('select ''{'' || string_agg(format(''"%%s":%%s'', x.name, x.filled - x.valued), '','' order by x.place) || ''}''
    from unnest($1, (select array[%s] from %s), (select array[%s] from %s where not _deleted)) with ordinality x(name, filled, valued, place)
    where x.filled > x.valued', filled, staging, valued, landed) into emptied using names;
  return emptied;
end $$;
