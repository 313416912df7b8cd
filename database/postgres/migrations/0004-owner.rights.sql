-- Roles belong to the cluster, so the database is part of their name. They take the place of T-SQL's database roles.
do $$
declare
  role_name text;
begin
  foreach role_name in array array['loader', 'reader'] loop
    role_name := current_database() || '/' || role_name;
    if not exists (select from pg_roles where rolname = role_name) then
      execute format('create role %I nologin', role_name);
    end if;
  end loop;
end $$;
