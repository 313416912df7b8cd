-- Puts the copy of a dataset whose type is being changed into the place of the landed table; false if readers hold that for longer than
-- others should have to wait behind this.
create or replace function qt.switch_table(dataset_no integer)
returns boolean language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  d qt.dataset;
  x qt.type_change;
  copy text;
  landed text;
  next_row bigint;
  granted record;
  changed boolean;
begin
  select * into d from qt.dataset y where y.dataset_no = switch_table.dataset_no;
  select * into x from qt.type_change y where y.dataset_no = d.dataset_no;
  landed := format('data.%I', d.table_name);
  copy := format('data.%I', 'change__' || x.change_no);
  begin
    perform set_config('lock_timeout', '5s', true);
    execute format('lock table %s in access exclusive mode', landed);
  exception when lock_not_available then
    return false;
  end;
  execute format('select case when is_called then last_value + 1 else last_value end from %s', pg_get_serial_sequence(landed, '_row_id')) into next_row;
  execute format('alter table %s alter _row_id restart with %s', copy, next_row);
  for granted in
    select a.privilege_type, case a.grantee when 0 then 'public' else quote_ident(pg_get_userbyid(a.grantee)) end as grantee, a.is_grantable
    from pg_class c, aclexplode(c.relacl) a where c.oid = landed::regclass and a.grantee <> c.relowner
  loop
    execute format('grant %s on %s to %s%s', granted.privilege_type, copy, granted.grantee, case when granted.is_grantable then ' with grant option' else '' end);
  end loop;
  execute format('drop table %s', landed);
  execute format('alter table %s rename to %I', copy, d.table_name);
  update qt.dataset_column c set type = w.type, on_error = w.on_error,
    format = (select t.format from qt.dataset_type t where t.dataset_no = c.dataset_no and t.name = c.name) from qt.wanted_types(d.dataset_no) w
  where c.dataset_no = d.dataset_no and c.name = w.name;
  execute format('select exists (select from %s where _version = $1)', landed) into changed using x.version;
  if changed then
    update qt.dataset y set published_version = x.version where y.dataset_no = d.dataset_no;
  end if;
  delete from qt.type_change y where y.dataset_no = d.dataset_no;
  return true;
end $$;
