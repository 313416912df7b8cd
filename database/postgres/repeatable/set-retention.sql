-- Stores how many days deleted rows and retired tables are kept; NULL for the default: what qt.purge is called with, and for ever.
create or replace function qt.set_retention(deleted_rows_days integer default null, retired_tables_days integer default null)
returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if deleted_rows_days < 0 or retired_tables_days < 0 then
    raise exception 'QT4032: qt.set_retention needs days of 0 or more.';
  end if;
  delete from qt.setting s where s.name in ('deleted_rows_days', 'retired_tables_days');
  insert into qt.setting (name, value)
  select s.name, s.days::text from (values ('deleted_rows_days', deleted_rows_days), ('retired_tables_days', retired_tables_days)) s(name, days) where s.days is not null;
end $$;
