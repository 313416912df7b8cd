-- SQL for the bytes of a key, NULL where one of its values is: its text, or the SHA-256 of that where it is not shorter. Several values
-- are joined by U+0001 U+0002, with U+0001 doubled in each, so that none can pass for a separator.
create or replace function qt.key_sql(texts text[])
returns text language plpgsql immutable parallel safe set search_path = pg_catalog, pg_temp as $$
declare
  key text := texts[1];
begin
  if cardinality(texts) > 1 then
    select string_agg(format($f$replace(%s, E'\x01', E'\x01\x01')$f$, t), $f$ || E'\x01\x02' || $f$) into key from unnest(texts) t;
  end if;
  return format('case when octet_length(%1$s) < 32 then textsend(%1$s) else sha256(textsend(%1$s)) end', key);
end $$;

-- SQL for the SHA-256 of a row. A cell is written as U+0001 name U+0002 value with U+0001 doubled in the value, so no value can pass for
-- a separator; it costs half of what a length prefix does here. NULL contributes nothing, '' does.
create or replace function qt.row_hash_sql(names text[], types text[])
returns text language sql immutable parallel safe set search_path = pg_catalog, pg_temp
begin atomic
  select 'sha256(textsend(' || string_agg(
    format($f$coalesce(E'\x01%s\x02' || %s, '')$f$, c.name,
      -- Only text can hold a U+0001.
      format(case c.type when 'text' then $f$replace(%I, E'\x01', E'\x01\x01')$f$ else '%I::text' end, c.name)),
    ' || ' order by c.name collate "C") || '))'
  from unnest(names, types) c(name, type);
end;
