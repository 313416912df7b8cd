-- SQL that gives the one text form of a typed value: what the feed sends and what the hashes cover.
create or replace function qt.text_sql(type text, expression text)
returns text language sql immutable parallel safe set search_path = pg_catalog, pg_temp
begin atomic
  select case
    when type = 'text' then expression
    when type = 'date' then format('to_char(%s, ''YYYY-MM-DD'')', expression)
    when type = 'datetime2' then format('to_char(%s, ''YYYY-MM-DD"T"HH24:MI:SS.MS'')', expression)
    else format('(%s)::text', expression)
  end;
end;
