-- The parts of a format of days and times: literals as they are, and yyyy, MM, M, MMM, dd, d, HH, H, mm, ss, fff. NULL if it is not a
-- format for the type.
create or replace function qt.format_tokens(type text, format text)
returns text[] language plpgsql immutable parallel safe set search_path = pg_catalog, pg_temp as $$
declare
  tokens text[] := array(select m[1] from regexp_matches(format, '(y+|M+|d+|H+|m+|s+|f+|.)', 'g') m);
  kinds text := '';
  token text;
  kind text;
begin
  if type not in ('date', 'datetime2') or format is null or length(format) not between 1 and 40 or btrim(format) <> format
     or format ~ '[0-9\\\u0001-\u001f\u007f-\u009f]' then
    return null;
  end if;
  foreach token in array tokens loop
    -- Letters that stand for something here or in other notations (hh, tt, YYYY, DD) are no literals: they would be misunderstood.
    kind := case token when 'yyyy' then 'y' when 'MM' then 'O' when 'M' then 'o' when 'MMM' then 'N' when 'dd' then 'D' when 'd' then 'd'
      when 'HH' then 'H' when 'H' then 'h' when 'mm' then 'm' when 'ss' then 's' when 'fff' then 'f'
      else case when token !~ '[yYMDdHhmsSfta]' and ascii(token) <= 65535 then 'l' end end;
    if kind is null then
      return null;
    end if;
    kinds := kinds || kind;
  end loop;
  -- Each part once; a time from hours to minutes at least; one or two digits before no other digit, because nobody could tell them apart.
  if kinds !~ '^[^y]*y[^y]*$' or kinds !~ '^[^OoN]*[OoN][^OoN]*$' or kinds !~ '^[^Dd]*[Dd][^Dd]*$'
     or kinds ~ '[Hh].*[Hh]|m.*m|s.*s|f.' or (kinds ~ '[Hh]') <> (kinds ~ 'm') or kinds ~ 's' and kinds !~ 'm' or kinds ~ 'f' and kinds !~ 's'
     or type = 'date' and kinds ~ '[Hh]' or kinds ~ '[odh][yOoDdHhmsf]' then
    return null;
  end if;
  return tokens;
end $$;
