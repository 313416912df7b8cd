-- A header for a message, with what cannot be seen in it as code points: control characters, blanks other than the space, characters
-- without width, full-width forms, and Greek and Cyrillic letters among Latin ones, which look alike.
create or replace function qt.visible_text(header text)
returns text language sql strict immutable parallel safe set search_path = pg_catalog, pg_temp
begin atomic
  select '"' || coalesce(string_agg(case
    when ascii(c) < 32 or ascii(c) between 127 and 160 or ascii(c) = 173 or ascii(c) between 8192 and 8303 or ascii(c) in (12288, 65279) or ascii(c) between 65281 and 65374
      or (header ~ '[A-Za-z]' and ascii(c) between 880 and 1327)
    then '[U+' || upper(lpad(to_hex(ascii(c)), 4, '0')) || ']' else c end, '' order by n), '') || '"'
  from string_to_table(header, null) with ordinality x(c, n);
end;
