-- Adds to the copy of a dataset whose type is being changed the columns that were loaded for the first time after it was begun. On its own,
-- because Babelfish cannot alter a table in a procedure with output parameters.
alter procedure qt.complete_copy
  @dataset_no int
as
begin
  set nocount on;
  declare @name nvarchar(60), @type nvarchar(20), @sql nvarchar(max);
  declare @copy nvarchar(200) = (
    select N'data.' + quotename(N'change__' + cast(c.change_no as nvarchar(20))) from qt.type_change c where c.dataset_no = @dataset_no);
  declare added_cursor cursor local static for
    select c.name, qt.physical_type(c.type) from qt.dataset_column c
    where c.dataset_no = @dataset_no and col_length(@copy, c.name) is null order by c.ordinal;
  open added_cursor;
  fetch next from added_cursor into @name, @type;
  while @@fetch_status = 0
  begin
    set @sql = N'alter table ' + @copy + N' add ' + quotename(@name) + N' ' + @type + N' null';
    exec(@sql);
    fetch next from added_cursor into @name, @type;
  end
  close added_cursor;
  deallocate added_cursor;
end
