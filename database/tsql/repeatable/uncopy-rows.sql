-- Takes rows out of the copy of a dataset whose type is being changed; to be called when their cells are erased, and before they are removed
-- from the landed table: a copy learns only from versions, and at its next step. @condition is SQL about the landed row `l` and the copied
-- one, `b`. The caller holds the dataset's lock.
alter procedure qt.uncopy_rows
  @dataset_no int,
  @condition  nvarchar(max)
as
begin
  set nocount on;
  declare @copy nvarchar(200) = (
    select N'data.' + quotename(N'change__' + cast(c.change_no as nvarchar(20))) from qt.type_change c where c.dataset_no = @dataset_no);
  if @copy is null
    return;
  declare @gone bigint, @sql nvarchar(max) = N' from ' + @copy + N' b join data.'
    + (select quotename(d.table_name) from qt.dataset d where d.dataset_no = @dataset_no)
    + N' l on l._k8 = b._k8 and l._key_hash = b._key_hash where (' + @condition + N')';
  set @sql = N'select @gone = count_big(*)' + @sql + N' and b._deleted = 0; delete b' + @sql;
  exec sp_executesql @sql, N'@gone bigint output', @gone = @gone output;
  update qt.type_change set copied_rows = copied_rows - @gone where dataset_no = @dataset_no;
end
