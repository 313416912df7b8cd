-- How a number is written, as the text of 1234.5 (of 1234 if it is whole): 1.234,5% has points between thousands, a decimal comma and a
-- percent sign. NULL is the plain form, '' a combination that makes no sense.
create or replace function qt.number_format(type text, thousands text, "decimal" text, percent boolean)
returns text language plpgsql immutable parallel safe set search_path = pg_catalog, pg_temp as $$
declare
  whole boolean := type in ('int', 'bigint');
begin
  if thousands is null and "decimal" is null and not percent then
    return null;
  end if;
  if not whole and type <> 'float' and type not like 'decimal(%'
     or thousands !~ '^[., ''\u00a0\u202f]$' or "decimal" not in ('.', ',')
     or (not whole or "decimal" is not null) and thousands = coalesce("decimal", '.')
     -- A hundredth has two digits more than the text: they must fit, and SQL Server must be able to move the point without a loss.
     or percent and (whole or substring(type from '\((\d+),')::int > 35 or substring(type from ',(\d+)\)')::int < 2) then
    return '';
  end if;
  if thousands is null and not percent and (whole or "decimal" = '.') then
    return null;
  end if;
  return '1' || coalesce(thousands, '') || '234' || case when whole then '' else coalesce("decimal", '.') || '5' end || case when percent then '%' else '' end;
end $$;
