-- Adds the snapshot's new columns to the landed table. A failed publish leaves none behind here: PostgreSQL rolls them back. Reads
-- pg_temp.qt_column.
create or replace function qt.add_columns(landed text, dataset_no integer)
returns void language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  added record;
begin
  for added in
    select c.* from pg_temp.qt_column c
    where not exists (select from qt.dataset_column k where k.dataset_no = add_columns.dataset_no and k.name = c.name) order by c.place
  loop
    execute format('alter table %s add column if not exists %I %s', landed, added.name, qt.physical_type(added.type));
  end loop;
end $$;
