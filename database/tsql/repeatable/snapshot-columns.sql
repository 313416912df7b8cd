-- Fills the caller's #column with the columns of a staging table and the names and types they land under; refuses names that cannot
-- land. Babelfish keeps the names' spelling in INFORMATION_SCHEMA only; on SQL Server that view can wait for the locks of a table that
-- another session alters, the catalogue by object id does not.
alter procedure qt.snapshot_columns
  @dataset_no int,
  @staging    nvarchar(70)
as
begin
  set nocount on;
  declare @message nvarchar(2000);
  declare @place int, @header nvarchar(128), @name nvarchar(60), @other nvarchar(128);
  declare @next int = (select isnull(max(c.ordinal), 0) + 1 from qt.dataset_column c where c.dataset_no = @dataset_no);
  delete from #column;
  create table #staged (place int not null, header nvarchar(128) collate Latin1_General_BIN2 not null);
  if serverproperty(N'BabelfishVersion') is null
    insert into #staged (place, header)
    select c.column_id, c.name from sys.columns c where c.object_id = object_id(N'staging.' + quotename(@staging));
  else
    insert into #staged (place, header)
    select c.ORDINAL_POSITION, cast(c.COLUMN_NAME as nvarchar(128)) from INFORMATION_SCHEMA.COLUMNS c
    where c.TABLE_SCHEMA = N'staging' and c.TABLE_NAME = @staging;
  select top (1) @header = ltrim(s.header) from #staged s order by s.place;
  set @other = case
    when left(@header, 1) = N'{' or left(@header, 2) = N'[{' then N'JSON'
    when left(@header, 2) in (N'<!', N'<?') or lower(left(@header, 5)) = N'<html' then N'HTML or XML'
    when (select count(*) from #staged) > 1 then null
    when @header like N'%;%' then N'columns separated by semicolons'
    when charindex(nchar(9), @header) > 0 then N'columns separated by tabs'
    when @header like N'%|%' then N'columns separated by vertical bars' end;
  if @other is not null
  begin
    select @message = N'The snapshot of dataset ' + d.dataset_id + N' begins with ' + qt.visible_text(left(@header, 100)) + N', which looks like ' + @other
      + N'. Expected is a CSV: a header with the columns'' names, separated by commas. Look at the dataset in Quantemplate.'
    from qt.dataset d where d.dataset_no = @dataset_no;
    exec qt.fail 54006, @message;
  end
  declare column_cursor cursor local static for select s.place, s.header from #staged s order by s.place;
  open column_cursor;
  fetch next from column_cursor into @place, @header;
  while @@fetch_status = 0
  begin
    set @name = qt.physical_name(@header);
    if @name is null
    begin
      -- A header without a letter or digit keeps the number it got when it was first seen.
      select @name = c.name from qt.dataset_column c where c.dataset_no = @dataset_no and c.header + N'.' = @header + N'.' collate Latin1_General_BIN2;
      while @name is null
      begin
        set @name = N'column_' + cast(@next as nvarchar(10));
        set @next = @next + 1;
        if exists (select * from qt.dataset_column c where c.dataset_no = @dataset_no and c.name = @name)
           or exists (select * from #column c where c.name = @name)
          set @name = null;
      end
    end
    -- qt_row_id is what the function keys a keyless dataset by.
    if @name in (N'_row_id', N'_k8', N'_key_hash', N'_row_hash', N'_version', N'_deleted') or left(@name, 9) = N'_fivetran'
       or (@name = N'qt_row_id' and exists (select * from qt.dataset d where d.dataset_no = @dataset_no and d.key_columns = N'[]'))
    begin
      set @message = N'The header ' + qt.visible_text(left(@header, 100)) + N' would become the column "' + @name + N'", a name that is reserved. Rename it in Quantemplate.';
      exec qt.fail 54017, @message;
    end
    set @other = null;
    select @other = c.header from #column c where c.name = @name;
    if @other is not null
    begin
      set @message = N'The headers ' + qt.visible_text(left(@other, 100)) + N' and ' + qt.visible_text(left(@header, 100)) + N' would both become the column "' + @name
        + N'". Rename one of them in Quantemplate.';
      exec qt.fail 54016, @message;
    end
    insert into #column (place, header, name, type, on_error, is_key)
    select @place, @header, @name,
      isnull((select t.type from qt.dataset_type t where t.dataset_no = @dataset_no and t.name = @name), N'text'),
      isnull((select t.on_error from qt.dataset_type t where t.dataset_no = @dataset_no and t.name = @name), N'fail'),
      case when exists (select * from qt.dataset d cross apply openjson(d.key_columns) k where d.dataset_no = @dataset_no and k.value = @name)
        then 1 else 0 end;
    fetch next from column_cursor into @place, @header;
  end
  close column_cursor;
  deallocate column_cursor;
  -- A table of SQL Server has 1,024 columns at most; six are ours, and a change of type needs room for one. The table may have more than the
  -- catalogue: a publish that failed leaves its columns.
  declare @landed nvarchar(200) = (select N'data.' + quotename(d.table_name) from qt.dataset d where d.dataset_no = @dataset_no);
  declare @columns int = (select count(*) from (
    select l.name collate Latin1_General_BIN2 as name from sys.columns l where l.object_id = object_id(@landed) union select c.name from #column c) a) - 6;
  if @columns > 1017
  begin
    set @message = N'With this snapshot dataset ' + (select d.dataset_id from qt.dataset d where d.dataset_no = @dataset_no) + N' would have '
      + cast(@columns as nvarchar(10)) + N' columns, counting those that vanished; 1017 fit. Remove some in Quantemplate, or use a new table name.';
    exec qt.fail 54018, @message;
  end
  update #column set staged = N's.' + quotename(header);
  update #column set value_sql = qt.value_sql(type, staged);
end
