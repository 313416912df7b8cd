-- Ends a run that could not publish. A run that is unknown or has ended is left alone: this is clean-up and must not fail.
alter procedure qt.fail_load
  @run_id nvarchar(64),
  @error  nvarchar(4000)
with execute as owner
as
begin
  set nocount on;
  set xact_abort on;
  begin try
    begin transaction;
    update qt.[load] set status = N'failed', ended_at = sysutcdatetime(), error = @error where run_id = @run_id and status = N'loading';
    if @@rowcount = 1
      exec qt.drop_staging @run_id;
    commit transaction;
  end try
  begin catch
    if xact_state() <> 0
      rollback transaction;
    throw;
  end catch
end
