-- The interface is procedures: the roles get EXECUTE on these and, for the copy activity, what it needs to fill its own staging table.
-- One right per statement.
grant execute on object::qt.begin_load to loader;
grant execute on object::qt.reset_staging to loader;
grant execute on object::qt.publish to loader;
grant execute on object::qt.load_result to loader;
grant execute on object::qt.fail_load to loader;
grant execute on object::qt.datasets_to_load to loader;
grant execute on object::qt.purge to loader;
grant create table to loader;
grant alter on schema::staging to loader;
grant insert on schema::staging to loader;
grant select on schema::staging to loader;
grant select on object::qt.refused_value to auditor;
grant execute on object::qt.list_datasets to reader;
grant execute on object::qt.changes to reader;
