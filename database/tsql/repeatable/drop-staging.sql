alter procedure qt.drop_staging
  @run_id nvarchar(64)
as
begin
  set nocount on;
  declare @sql nvarchar(max) = N'drop table if exists staging.' + quotename(qt.staging_name(@run_id));
  exec(@sql);
end
