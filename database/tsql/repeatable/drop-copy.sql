-- Drops the copy of a dataset whose type was being changed, and forgets how far it was. The landed table stays as it is.
alter procedure qt.drop_copy
  @dataset_no int
as
begin
  set nocount on;
  declare @sql nvarchar(max) = (
    select N'drop table data.' + quotename(N'change__' + cast(c.change_no as nvarchar(20))) from qt.type_change c where c.dataset_no = @dataset_no);
  if @sql is null
    return;
  exec(@sql);
  delete from qt.type_change where dataset_no = @dataset_no;
end
