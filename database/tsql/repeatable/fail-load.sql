-- Ends a run that could not publish. A run that is unknown or was published is left alone: this is clean-up and must not fail.
-- The publish rolled back what it knew of refused values, and its message does not name them: here they are found again, while the staging
-- table is still there. If that takes too long and the call is repeated, the repeated one only drops the table.
alter procedure qt.fail_load
  @run_id nvarchar(64),
  @error  nvarchar(4000)
with execute as owner
as
begin
  set nocount on;
  set xact_abort on;
  declare @dataset_no int, @staging nvarchar(70) = qt.staging_name(@run_id);
  update qt.[load] set status = N'failed', ended_at = sysutcdatetime(), error = @error where run_id = @run_id and status = N'loading';
  if @@rowcount = 1 and (@error like N'%QT4012: %' or @error like N'%QT4015: %') and object_id(N'staging.' + quotename(@staging), N'U') is not null
  begin
    create table #column (
      place int not null, header nvarchar(128) collate Latin1_General_BIN2 not null, name nvarchar(60) collate Latin1_General_BIN2 not null,
      type nvarchar(20) collate Latin1_General_BIN2 not null, on_error nvarchar(4) collate Latin1_General_BIN2 not null, is_key bit not null,
      format nvarchar(40) collate Latin1_General_BIN2 null,
      staged nvarchar(260) collate Latin1_General_BIN2 null, value_sql nvarchar(max) collate Latin1_General_BIN2 null);
    begin try
      begin transaction;
      select @dataset_no = l.dataset_no from qt.[load] l where l.run_id = @run_id;
      exec qt.snapshot_columns @dataset_no, @staging;
      if @error like N'%QT4012: %'
        exec qt.name_duplicate_keys @run_id, 1;
      else
        exec qt.name_bad_values @run_id, 1;
      commit transaction;
    end try
    begin catch
      -- Without them the load has failed all the same.
      if xact_state() <> 0
        rollback transaction;
    end catch
  end
  if exists (select * from qt.[load] l where l.run_id = @run_id and l.status = N'failed')
    exec qt.drop_staging @run_id;
end
