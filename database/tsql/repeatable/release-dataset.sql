-- Releases the table name of a dataset that is not configured: one that landed unasked, or one that is retired. An administrator calls it.
alter procedure qt.release_dataset
  @table_name nvarchar(4000)
as
begin
  set nocount on;
  set xact_abort on;
  declare @message nvarchar(2000), @granted int, @dataset_no int, @dataset_id nvarchar(200);
  begin try
    begin transaction;
    exec @granted = sp_getapplock @Resource = N'qt:configure', @LockMode = N'Exclusive', @LockOwner = N'Transaction', @LockTimeout = 600000;
    if @granted < 0
      exec qt.fail 54031, N'A configuration of this database is running. Nothing was changed; run this again.';
    select @dataset_no = d.dataset_no, @dataset_id = d.dataset_id from qt.dataset d
    where d.table_name + N'.' = @table_name + N'.' collate Latin1_General_BIN2 and left(d.table_name, 10) <> N'released__' and (d.status = N'retired' or d.origin = N'landed');
    if @dataset_no is null
    begin
      set @message = N'Table ' + isnull(left(@table_name, 200), N'<NULL>')
        + N' is not one of a dataset that landed unasked or is retired. If it is configured, remove it from the tenant''s datasets and deploy first.';
      exec qt.fail 54009, @message;
    end
    exec qt.release_table @dataset_no;
    commit transaction;
    select @dataset_id as dataset_id, d.table_name as released_as from qt.dataset d where d.dataset_no = @dataset_no;
  end try
  begin catch
    if xact_state() <> 0
      rollback transaction;
    throw;
  end catch
end
