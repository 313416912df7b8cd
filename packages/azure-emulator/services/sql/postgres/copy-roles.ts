/**
 * Run in a copy of a database: gives the copy's own roles (`<copy>/<name>`) what those of its source (`<source>/<name>`) own and may do
 * in it, as the users of a database go with its copy. Twice is the same as once.
 * @param source The name of the source as an SQL literal.
 */
export const copyRoles = (source: string) => `
do $copy$
declare
  source text := ${source};
  one record;
  grantee text;
begin
  for one in select r.oid, r.rolname, current_database() || substr(r.rolname, length(source) + 1) as copied
      from pg_roles r where starts_with(r.rolname, source || '/') loop
    if not exists (select from pg_roles r where r.rolname = one.copied) then
      execute format('create role %I nologin', one.copied);
    end if;
    execute format('comment on role %I is %L', one.copied, shobj_description(one.oid, 'pg_authid'));
    execute format('reassign owned by %I to %I', one.rolname, one.copied);
  end loop;
  for one in select g.rolname as given, m.rolname as member from pg_auth_members a
      join pg_roles g on g.oid = a.roleid join pg_roles m on m.oid = a.member
      where starts_with(g.rolname, source || '/') and starts_with(m.rolname, source || '/') loop
    execute format('grant %I to %I', current_database() || substr(one.given, length(source) + 1),
      current_database() || substr(one.member, length(source) + 1));
  end loop;
  for one in
    with rights as (
      select format('schema %I', n.nspname) as thing, a.* from pg_namespace n, aclexplode(n.nspacl) a
      union all
      select format('%s %s', case c.relkind when 'S' then 'sequence' else 'table' end, c.oid::regclass), a.*
        from pg_class c, aclexplode(c.relacl) a where c.relkind in ('r', 'v', 'm', 'p', 'S')
      union all
      select format('routine %s', p.oid::regprocedure), a.* from pg_proc p, aclexplode(p.proacl) a
    )
    select rights.*, r.rolname from rights join pg_roles r on r.oid = rights.grantee
     where starts_with(r.rolname, source || '/') loop
    execute format('grant %s on %s to %I', one.privilege_type, one.thing,
      current_database() || substr(one.rolname, length(source) + 1));
  end loop;
  for grantee in select r.rolname from pg_roles r where starts_with(r.rolname, source || '/') loop
    execute format('drop owned by %I', grantee);
  end loop;
end $copy$`;
