-- The interface is procedures: the roles get EXECUTE on these and, for the copy activity, their own tables in staging.
do $$
declare
  loader text := current_database() || '/loader';
  reader text := current_database() || '/reader';
  auditor text := current_database() || '/auditor';
begin
  alter default privileges revoke execute on functions from public;
  revoke all on all functions in schema qt from public;
  execute format('grant usage on schema qt to %I, %I, %I', loader, reader, auditor);
  execute format('grant usage, create on schema staging to %I', loader);
  execute format('grant execute on function qt.begin_load, qt.reset_staging, qt.publish, qt.load_result, qt.fail_load, qt.datasets_to_load, qt.purge to %I', loader);
  execute format('grant select on qt.refused_value to %I', auditor);
  execute format('grant execute on function qt.list_datasets, qt.changes to %I', reader);
end $$;
