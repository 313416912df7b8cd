-- qt.value_sql for a text in a format (qt.format_tokens, qt.number_format): NULL for a blank, and NULL for what is not in that format, as
-- the plain form then. The text is put into the plain form, once; patterns with parts in brackets would cost ten times as much.
create or replace function qt.formatted_value_sql(type text, format text, expression text)
returns text language plpgsql immutable parallel safe set search_path = pg_catalog, pg_temp as $$
declare
  v text := format('btrim(%s)', expression);
  plain text;
  converted text := qt.value_sql(type, 'p.t');
  pattern text;
  thousands text;
  point text;
begin
  if format is null then
    return qt.value_sql(type, expression);
  end if;
  if type in ('date', 'datetime2') then
    plain := qt.plain_moment_sql(qt.format_tokens(type, format), v);
  else
    thousands := case when substring(format, 2, 1) <> '2' then substring(format, 2, 1) end;
    point := substring(format from '234(.)5');
    -- A 0 is no first group: 0.125 with a point between thousands would be 125.
    pattern := '^[+-]?(?:' || coalesce('[1-9][0-9]{0,2}(?:[' || thousands || '][0-9]{3})+|', '') || '[0-9]*)' || coalesce('(?:[' || point || '][0-9]*)?', '')
      || case when format like '%\%' then ' *%' when type = 'float' then '(?:[eE][+-]?[0-9]{1,3})?' else '' end || '$';
    plain := case when format like '%\%' then format('rtrim(left(%s, -1))', v) else v end;
    if thousands is not null then
      plain := format('replace(%s, %L, '''')', plain, thousands);
    end if;
    if point = ',' then
      plain := format('replace(%s, '','', ''.'')', plain);
    end if;
    if format like '%\%' and type = 'float' then
      plain := plain || ' || ''e-2''';
    elsif format like '%\%' then
      converted := format('((%s) * 0.01)::%s', qt.value_sql(regexp_replace(type, ',\d+', ',' || (substring(type from ',(\d+)')::int - 2)), 'p.t'), qt.physical_type(type));
    end if;
    plain := format('case when %s ~ %L then %s end', v, pattern, plain);
  end if;
  return format('(select %s from (select %s as t offset 0) p)', converted, plain);
end $$;

-- SQL that puts the text of `v` from a format into the plain form, or into one that does not convert. A branch for each way in which M, d
-- and H can have one digit or two; whether what is there are digits qt.value_sql sees.
create or replace function qt.plain_moment_sql(tokens text[], v text)
returns text language plpgsql immutable parallel safe set search_path = pg_catalog, pg_temp as $$
declare
  token text;
  branches int := 1 << (select count(*)::int from unnest(tokens) x where x in ('M', 'd', 'H'));
  single int;
  pattern text;
  parts jsonb;
  place int;
  width int;
  piece text;
  month text;
  named text;
  plain text := '';
begin
  for branch in 0 .. branches - 1 loop
    pattern := '';
    parts := '{}';
    place := 1;
    single := 0;
    named := '';
    foreach token in array tokens loop
      width := length(token);
      if token in ('M', 'd', 'H') then
        width := 2 - ((branch >> single) & 1);
        single := single + 1;
      end if;
      pattern := pattern || case when token ~ '^[yMdHms]' then repeat('_', width) when token = 'fff' then '_%' when token in ('%', '_') then '\' || token else token end;
      piece := format('substr(%s, %s, %s)', v, place, width);
      if token = 'MMM' then
        month := format($f$array_position('{jan,feb,mar,apr,may,jun,jul,aug,sep,oct,nov,dec}'::text[], lower(%s))$f$, piece);
        -- Between two other parts of one digit or two, only the name tells which is which.
        named := format(' and %s is not null', month);
      end if;
      if token ~ '^[yMdHmsf]' then
        parts := parts || jsonb_build_object(left(token, 1), case
          when token = 'MMM' then format($f$lpad(%s::text, 2, '0')$f$, month)
          -- The plain form may end with a Z.
          when token = 'fff' then format($f$translate(substr(%s, %s), 'Z', '.')$f$, v, place)
          when width = 1 then '''0'' || ' || piece else piece end);
      end if;
      place := place + width;
    end loop;
    plain := plain || format(' when %s like %L%s then ', v, pattern, named) || concat_ws($f$ || '-' || $f$, parts->>'y', parts->>'M', parts->>'d')
      || coalesce($f$ || ' ' || $f$ || (parts->>'H') || $f$ || ':' || $f$ || (parts->>'m'), '')
      || coalesce($f$ || ':' || $f$ || (parts->>'s'), '') || coalesce($f$ || '.' || $f$ || (parts->>'f'), '');
  end loop;
  return 'case' || plain || ' end';
end $$;
