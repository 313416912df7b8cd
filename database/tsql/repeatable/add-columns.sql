-- Adds the columns of the caller's #column to a table: all of them, or those that the catalogue of @dataset_no lacks. A column that is
-- in the table with the wanted type was left by a publish that failed; nothing is in it, and it is kept: the server does not give the
-- bytes of a dropped column back, and tries that failed would add up to a row that no longer fits (error 1701).
alter procedure qt.add_columns
  @table      nvarchar(200),
  @dataset_no int = null
as
begin
  set nocount on;
  declare @name nvarchar(60), @type nvarchar(20), @found nvarchar(40), @sql nvarchar(max);
  declare added_cursor cursor local static for
    select c.name, qt.physical_type(c.type) from #column c
    where @dataset_no is null
       or not exists (select * from qt.dataset_column k where k.dataset_no = @dataset_no and k.name = c.name)
    order by c.place;
  open added_cursor;
  fetch next from added_cursor into @name, @type;
  while @@fetch_status = 0
  begin
    set @found = null;
    if @dataset_no is not null
      select @found = case type_name(c.system_type_id)
        when N'nvarchar' then N'nvarchar(max)'
        when N'decimal' then N'decimal(' + cast(c.precision as nvarchar(3)) + N',' + cast(c.scale as nvarchar(3)) + N')'
        when N'datetime2' then N'datetime2(' + cast(c.scale as nvarchar(3)) + N')'
        else type_name(c.system_type_id) end
      from sys.columns c where c.object_id = object_id(@table) and c.name = @name;
    if @found <> @type
    begin
      set @sql = N'alter table ' + @table + N' drop column ' + quotename(@name);
      exec(@sql);
    end
    if @found is null or @found <> @type
    begin
      -- The text of a temporary table would have the collation of tempdb, which is the server's.
      set @sql = N'alter table ' + @table + N' add ' + quotename(@name) + N' ' + @type
        + case when @dataset_no is null and @type = N'nvarchar(max)' then N' collate Latin1_General_BIN2' else N'' end + N' null';
      exec(@sql);
    end
    fetch next from added_cursor into @name, @type;
  end
  close added_cursor;
  deallocate added_cursor;
end
