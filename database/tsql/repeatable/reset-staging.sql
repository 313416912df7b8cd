-- Empties what an earlier try of the run's copy left behind. The table stays: whether Data Factory makes it before or after this runs is
-- not documented.
alter procedure qt.reset_staging
  @run_id nvarchar(64)
with execute as owner
as
begin
  set nocount on;
  declare @message nvarchar(2000);
  exec qt.check_run @run_id;
  declare @status nvarchar(10) = (select l.status from qt.[load] l where l.run_id = @run_id);
  if @status is null
  begin
    set @message = N'Run ' + @run_id + N' is not known. Start the pipeline again from the beginning.';
    exec qt.fail 54001, @message;
  end
  if @status <> N'loading'
  begin
    set @message = N'Run ' + @run_id + N' already ended as ' + @status + N'. Start the pipeline again from the beginning.';
    exec qt.fail 54002, @message;
  end
  declare @table nvarchar(200) = N'staging.' + quotename(qt.staging_name(@run_id));
  declare @sql nvarchar(max) = N'truncate table ' + @table;
  if object_id(@table, N'U') is not null
    exec(@sql);
end
