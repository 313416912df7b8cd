-- Adds to the copy of a dataset whose type is being changed the columns that were loaded for the first time after it was begun.
create or replace function qt.complete_copy(dataset_no integer)
returns void language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  copy text := (select format('data.%I', 'change__' || x.change_no) from qt.type_change x where x.dataset_no = complete_copy.dataset_no);
  added record;
begin
  for added in select c.name, c.type from qt.dataset_column c where c.dataset_no = complete_copy.dataset_no order by c.ordinal loop
    if not exists (select from pg_attribute a where a.attrelid = copy::regclass and a.attname = added.name) then
      execute format('alter table %s add column %I %s', copy, added.name, qt.physical_type(added.type));
    end if;
  end loop;
end $$;
