-- A restored database renews every epoch before anybody reads on: a cursor of the time after the restore point must not
-- be taken for one of ours. The identity is the cluster's, the database's and the recovery timeline's. What differed is kept in
-- qt.setting (epochs_renewed).
create or replace function qt.renew_epochs_after_restore()
returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  identity text := concat_ws('/', (select system_identifier from pg_control_system()),
    (select oid from pg_database where datname = current_database()), (select timeline_id from pg_control_checkpoint()));
  known text;
begin
  select s.value into known from qt.setting s where s.name = 'database_identity';
  if known = identity then
    return;
  end if;
  insert into qt.setting as s (name, value) values ('database_identity', identity)
  on conflict (name) do update set value = excluded.value where s.value is distinct from excluded.value;
  if found and known is not null then
    update qt.dataset set epoch = gen_random_uuid()::text;
    insert into qt.setting as s (name, value)
    values ('epochs_renewed', format('%s: %s became %s', clock_timestamp() at time zone 'utc', known, identity))
    on conflict (name) do update set value = excluded.value;
  end if;
end $$;
