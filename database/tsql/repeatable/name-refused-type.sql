-- Names the first of the caller's #change (place, header, name, old, type, on_error) that has values that do not convert in the rows of @source:
-- landed ones `l`, converted ones `t`.
alter procedure qt.name_refused_type
  @dataset_no int,
  @source     nvarchar(max),
  @error      nvarchar(2000) output
as
begin
  set nocount on;
  declare @sql nvarchar(max), @header nvarchar(128), @name nvarchar(60), @old nvarchar(20), @type nvarchar(20), @rows bigint, @row bigint;
  declare refused_cursor cursor local static for
    select w.header, w.name, w.old, w.type from #change w where w.on_error = N'fail' order by w.place;
  open refused_cursor;
  fetch next from refused_cursor into @header, @name, @old, @type;
  while @@fetch_status = 0 and @error is null
  begin
    set @sql = N'select @rows = count_big(*), @row = min(l._row_id)' + @source + N' where l._deleted = 0 and t.' + quotename(@name)
      + N' is null and ltrim(rtrim(' + qt.text_sql(@old, N'l.' + quotename(@name)) + N')) collate Latin1_General_BIN2 <> N''''';
    exec sp_executesql @sql, N'@rows bigint output, @row bigint output', @rows = @rows output, @row = @row output;
    if @rows > 0
      select @error = N'QT4024: ' + qt.refused_type(@header, d.dataset_id, @type, @rows, @row) from qt.dataset d where d.dataset_no = @dataset_no;
    fetch next from refused_cursor into @header, @name, @old, @type;
  end
  close refused_cursor;
  deallocate refused_cursor;
end
