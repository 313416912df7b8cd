-- ALTER keeps the grants, and CREATE OR ALTER is not in every engine: so each procedure is created once, empty, and the repeatable
-- files alter it. A new procedure needs a numbered file like this one.
exec(N'create function qt.physical_name (@header nvarchar(4000)) returns nvarchar(60) as begin return null end');
exec(N'create function qt.staging_name (@run_id nvarchar(64)) returns nvarchar(70) as begin return null end');
exec(N'create function qt.physical_type (@type nvarchar(20)) returns nvarchar(20) as begin return null end');
exec(N'create function qt.value_sql (@type nvarchar(20), @expression nvarchar(max)) returns nvarchar(max) as begin return null end');
exec(N'create function qt.text_sql (@type nvarchar(20), @expression nvarchar(max)) returns nvarchar(max) as begin return null end');
exec(N'create function qt.float_text (@value float) returns nvarchar(40) as begin return null end');
exec(N'create function qt.columns_json (@dataset_no int) returns nvarchar(max) as begin return null end');
exec(N'create procedure qt.fail as select 0 as stub');
exec(N'create procedure qt.check_run as select 0 as stub');
exec(N'create procedure qt.drop_staging as select 0 as stub');
exec(N'create procedure qt.renew_epochs_after_restore as select 0 as stub');
exec(N'create procedure qt.lock_dataset as select 0 as stub');
exec(N'create procedure qt.create_landed_table as select 0 as stub');
exec(N'create procedure qt.change_type as select 0 as stub');
exec(N'create procedure qt.configure as select 0 as stub');
exec(N'create procedure qt.begin_load as select 0 as stub');
exec(N'create procedure qt.reset_staging as select 0 as stub');
exec(N'create procedure qt.fail_load as select 0 as stub');
exec(N'create procedure qt.snapshot_columns as select 0 as stub');
exec(N'create procedure qt.name_bad_values as select 0 as stub');
exec(N'create procedure qt.name_duplicate_keys as select 0 as stub');
exec(N'create procedure qt.name_missing_keys as select 0 as stub');
exec(N'create procedure qt.publish as select 0 as stub');
exec(N'create procedure qt.list_datasets as select 0 as stub');
exec(N'create procedure qt.changes as select 0 as stub');
exec(N'create procedure qt.purge as select 0 as stub');
exec(N'create procedure qt.ensure_user as select 0 as stub');
