-- Who may see the refused values. No identity of the platform is a member; an administrator adds people.
do $$
declare
  role_name text := current_database() || '/auditor';
begin
  if not exists (select from pg_roles where rolname = role_name) then
    execute format('create role %I nologin', role_name);
  end if;
end $$;
