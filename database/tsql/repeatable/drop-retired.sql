-- Drops the tables that have been retired for longer than the tenant keeps them, with all that is recorded of them but the erased keys: the
-- dataset may be configured again. Runs in a transaction of its own for each table.
alter procedure qt.drop_retired
as
begin
  set nocount on;
  set xact_abort on;
  declare @granted int, @dataset_no int, @table nvarchar(60), @sql nvarchar(max);
  declare @days int = (select cast(s.value as int) from qt.setting s where s.name = N'retired_tables_days');
  while @days is not null
  begin
    begin transaction;
    -- Nobody may make the dataset active meanwhile.
    exec @granted = sp_getapplock @Resource = N'qt:configure', @LockMode = N'Exclusive', @LockOwner = N'Transaction', @LockTimeout = 600000;
    if @granted < 0
      exec qt.fail 54031, N'A configuration of this database is running. Nothing was changed; run this again.';
    set @dataset_no = null;
    select top (1) @dataset_no = d.dataset_no, @table = d.table_name from qt.dataset d
    where d.status = N'retired' and d.retired_at <= dateadd(day, -@days, sysutcdatetime()) order by d.dataset_no;
    if @dataset_no is null
      set @days = null;
    else
    begin
      exec qt.lock_dataset @dataset_no;
      exec qt.drop_copy @dataset_no;
      -- One that was released before it had a row has none.
      set @sql = N'drop table if exists data.' + quotename(@table);
      exec(@sql);
      delete from qt.refused_value where dataset_no = @dataset_no;
      delete from qt.[load] where dataset_no = @dataset_no;
      delete from qt.dataset_header where dataset_no = @dataset_no;
      delete from qt.dataset_type where dataset_no = @dataset_no;
      delete from qt.dataset_column where dataset_no = @dataset_no;
      delete from qt.dataset where dataset_no = @dataset_no;
    end
    commit transaction;
  end
end
