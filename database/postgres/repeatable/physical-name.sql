-- A header as a column name: accents removed, camelCase to snake_case, everything else '_', at most 60 bytes.
-- NULL when nothing but underscores would be left. Same list and order as the T-SQL file (docs: facts of Fivetran's naming).
create or replace function qt.physical_name(header text)
returns text language plpgsql immutable strict parallel safe set search_path = pg_catalog, pg_temp as $$
declare
  name text := header;
begin
  name := replace(replace(replace(name, 'Æ', 'AE'), 'æ', 'ae'), 'ß', 'ss');
  name := replace(replace(replace(replace(name, 'Œ', 'OE'), 'œ', 'oe'), 'Þ', 'TH'), 'þ', 'th');
  name := translate(name,
    'ÀÁÂÃÄÅÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖØÙÚÛÜÝàáâãäåçèéêëìíîïðñòóôõöøùúûüýÿĀāĂăĄąĆćĈĉĊċČčĎďĐđĒēĔĕĖėĘęĚěĜĝĞğĠġĢģĤĥĦħĨĩĪīĬĭĮįİıĲĳĴĵĶķĸĹĺĻļĽľĿŀŁłŃńŅņŇňŉŊŋŌōŎŏŐőŔŕŖŗŘřŚśŜŝŞşŠšŢţŤťŦŧŨũŪūŬŭŮůŰűŲųŴŵŶŷŸŹźŻżŽžſȘșȚț',
    'AAAAAACEEEEIIIIDNOOOOOOUUUUYaaaaaaceeeeiiiidnoooooouuuuyyAaAaAaCcCcCcCcDdDdEeEeEeEeEeGgGgGgGgHhHhIiIiIiIiIiIiJjKkkLlLlLlLlLlNnNnNnnNnOoOoOoRrRrRrSsSsSsSsTtTtTtUuUuUuUuUuUuWwYyYZzZzZzsSsTt');
  name := regexp_replace(name, '[\u0300-\u036f]', '', 'g');
  name := regexp_replace(name, '([a-z0-9])([A-Z])', '\1_\2', 'g');
  name := regexp_replace(name, '[^A-Za-z0-9]+', '_', 'g');
  name := lower(name);
  if name ~ '^[0-9]' then
    name := '_' || name;
  end if;
  return nullif(left(name, 60), '_');
end $$;
