-- A header without what is only a matter of spelling: case, blanks and the separators _ - . / ( ).
create or replace function qt.bare_header(header text)
returns text language sql strict immutable parallel safe set search_path = pg_catalog, pg_temp
begin atomic
  select lower(regexp_replace(header, '[\u0001-\u0020\u00a0\u2000-\u200d\u202f\u205f\u2060\u3000\ufeff_./()-]', '', 'g') collate "pg_c_utf8");
end;
