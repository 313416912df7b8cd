-- Takes a dataset's table name from it, so that another dataset can have it. Rows that were published stay, in a table whose name no dataset
-- can get: names of datasets' tables never hold two underscores.
alter procedure qt.release_table
  @dataset_no int
as
begin
  set nocount on;
  declare @table nvarchar(60), @published bigint, @sql nvarchar(max);
  declare @name nvarchar(60) = N'released__' + cast(@dataset_no as nvarchar(20));
  exec qt.lock_dataset @dataset_no;
  select @table = d.table_name, @published = d.published_version from qt.dataset d where d.dataset_no = @dataset_no;
  if @published = 0
  begin
    set @sql = N'drop table data.' + quotename(@table);
    exec(@sql);
  end
  else
  begin
    set @sql = N'data.' + quotename(@table);
    exec sp_rename @sql, @name, N'OBJECT';
  end
  update qt.dataset set table_name = @name, status = N'retired', retired_at = isnull(retired_at, sysutcdatetime()) where dataset_no = @dataset_no;
end
