drop function if exists qt.cell_sql(text, text, text, text);

-- SQL that turns the text of `expression` into the declared type: NULL for a blank, and NULL for what does not convert. A value lands
-- exactly, for a float as the nearest one, or it does not convert.
create or replace function qt.value_sql(type text, expression text)
returns text language plpgsql immutable parallel safe set search_path = pg_catalog, pg_temp as $$
declare
  digits int;
  scale int;
  v text := format('btrim(%s)', expression);
begin
  case
    when type = 'text' then
      return expression;
    when type in ('int', 'bigint') then
      return format($q$case when %1$s ~ '^[+-]?[0-9]{1,9}$' then (%1$s)::%2$s
        when %1$s ~ '^[+-]?[0-9]+$' and pg_input_is_valid(%1$s, %2$L) then (%1$s)::%2$s end$q$, v, type);
    when type = 'float' then
      -- Below the smallest normal value a float has fewer digits, and SQL Server has none: there only 0 is taken.
      return format($q$case when %1$s ~ '^[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]{1,3})?$'
        and pg_input_is_valid(%1$s, 'double precision')
        and (abs((%1$s)::double precision) >= 2.2250738585072014e-308::double precision or %1$s !~ '^[^eE]*[1-9]')
        then (%1$s)::double precision + 0 end$q$, v);
    when type = 'bit' then
      return format($q$case when lower(%1$s) in ('true', '1', 'yes', 'y') then true
        when lower(%1$s) in ('false', '0', 'no', 'n') then false end$q$, v);
    when type = 'date' then
      return format($q$case when %1$s ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' and pg_input_is_valid(%1$s, 'date')
        then (%1$s)::date end$q$, v);
    when type = 'datetime2' then
      return format($q$case when %1$s ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}([T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,3}0{0,6})?)?Z?)?$'
        and pg_input_is_valid(left(rtrim(%1$s, 'Z'), 23), 'timestamp')
        then left(rtrim(%1$s, 'Z'), 23)::timestamp(3) end$q$, v);
    else
      digits := substring(type from '\((\d+),')::int;
      scale := substring(type from ',(\d+)\)')::int;
      return format($q$case when %1$s ~ '^[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)$' and pg_input_is_valid(%1$s, 'numeric')
        and (%1$s)::numeric = trunc((%1$s)::numeric, %3$s) and abs((%1$s)::numeric) < 1e%4$s::numeric
        then (%1$s)::numeric(%2$s,%3$s) end$q$, v, digits, scale, digits - scale);
  end case;
end $$;

-- SQL that casts the text of `expression` to the declared type, for cell_sql to judge: NULL where that is not worth a try. Where the
-- tenant wants refused what does not convert, a cast that fails stops the statement.
create or replace function qt.cast_sql(type text, on_error text, expression text)
returns text language sql immutable parallel safe set search_path = pg_catalog, pg_temp
begin atomic
  select format(case
    when on_error = 'fail' then $f$case when %1$s collate "C" >= '!' then (%1$s)::%2$s end$f$
    -- A cast to numeric(p,s) reads a numeric first ('1e-99999' is none) and rounds it then.
    when type like 'decimal%' then $f$case when pg_input_is_valid(%1$s, '%2$s') and pg_input_is_valid(%1$s, 'numeric') then (%1$s)::%2$s end$f$
    else $f$case when pg_input_is_valid(%1$s, '%2$s') then (%1$s)::%2$s end$f$ end, expression, qt.physical_type(type));
end;

-- SQL that turns the text of `expression`, of which `casted` is the cast, into the declared type like value_sql; where the tenant wants
-- refused what does not convert, it stops the statement.
--
-- Text that reads back as it is written, as most does, needs no pattern: that tells at a third of the cost. What is not `plausible` can
-- read back and be no value all the same.
create or replace function qt.cell_sql(type text, format text, on_error text, expression text, casted text)
returns text language plpgsql immutable parallel safe set search_path = pg_catalog, pg_temp as $$
declare
  careful text := qt.formatted_value_sql(type, format, expression);
  plausible text := format(case
    when type in ('int', 'bigint') then 'true'
    when type = 'date' then 'octet_length(%s) = 10'
    when type = 'datetime2' then 'octet_length(%s) = 23'
    when type = 'float' then '%1$s not in (''NaN'', ''Infinity'', ''-Infinity'', ''-0'') and %1$s not like ''%%e-3%%'''
    else '%s <> ''NaN''' end, expression);
begin
  if type = 'text' then
    return expression;
  end if;
  if on_error = 'fail' then
    careful := format('coalesce(%s, case when btrim(%s) <> '''' then qt.refuse_value(%s)::%s end)',
      careful, expression, expression, qt.physical_type(type));
  end if;
  if type = 'bit' or format is not null then
    return careful;
  end if;
  return format('case when %s = %s and %s then %s else %s end', qt.text_sql(type, casted), expression, plausible, casted, careful);
end $$;
