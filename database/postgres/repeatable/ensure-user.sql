-- A database user of the stand-in: a role named <database>/<name> that cannot log in, found again by the client id in its comment.
-- PostgreSQL cuts a role's name at 63 bytes, so the end of a longer one is a hash. A user of another name with that client id goes, as a SID belongs to one user.
create or replace function qt.ensure_user(name text, client_id text, role text)
returns void language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  user_role text := current_database() || '/' || name;
  wanted text := current_database() || '/' || role;
  other text;
  old text;
begin
  if role is null or role not in ('loader', 'reader') then
    raise exception 'QT4030: "%" is not a role for a user. Use loader or reader.', role;
  end if;
  if name is null or name in ('', 'loader', 'reader', 'auditor') or length(name) > 128 then
    raise exception 'QT4030: "%" cannot be the name of a database user.', coalesce(name, 'NULL');
  end if;
  if client_id is null or client_id !~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then
    raise exception 'QT4030: "%" is not the client id of an identity (a GUID).', coalesce(client_id, 'NULL');
  end if;
  if octet_length(user_role) > 63 then
    user_role := left(user_role, 54) || '~' || left(md5(user_role), 8);
  end if;
  other := current_database() || '/' || case role when 'loader' then 'reader' else 'loader' end;
  for old in
    select r.rolname from pg_roles r where starts_with(r.rolname, current_database() || '/') and r.rolname <> user_role
      and lower(shobj_description(r.oid, 'pg_authid')) = lower(client_id)
  loop
    execute format('reassign owned by %I to current_user', old);
    execute format('drop owned by %I', old);
    execute format('drop role %I', old);
  end loop;
  if not exists (select from pg_roles where rolname = user_role) then
    execute format('create role %I nologin', user_role);
  end if;
  execute format('grant %I to %I', wanted, user_role);
  execute format('revoke %I from %I', other, user_role);
  execute format('comment on role %I is %L', user_role, lower(client_id));
end $$;
