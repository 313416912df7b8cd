-- Counts, for each column with onError null, the filled cells of the snapshot that became NULL: JSON, NULL if there are none. @snapshot is SQL
-- of the staged rows `s` that #typed has as values. Reads the caller's #column and #typed. A hundred columns a statement, because their counts are one row.
alter procedure qt.count_emptied
  @snapshot nvarchar(max),
  @emptied  nvarchar(max) output
as
begin
  set nocount on;
  declare @filled nvarchar(max), @valued nvarchar(max), @counts nvarchar(max), @sql nvarchar(max), @some nvarchar(max);
  set @emptied = null;
  declare count_cursor cursor local static for
    select
      string_agg(cast(N'sum(cast(case when ltrim(rtrim(' + t.staged + N')) collate Latin1_General_BIN2 <> N'''' then 1 else 0 end as bigint)) as '
        + t.cell collate Latin1_General_BIN2 as nvarchar(max)), N', ') within group (order by t.place),
      string_agg(cast(N'count_big(v.' + quotename(t.name) collate Latin1_General_BIN2 + N') as ' + t.cell as nvarchar(max)), N', ') within group (order by t.place),
      string_agg(cast(N'(' + cast(t.place as nvarchar(10)) + N', N''' + t.name collate Latin1_General_BIN2 + N''', f.' + t.cell + N' - n.' + t.cell + N')' as nvarchar(max)), N', ')
        within group (order by t.place)
    from (
      select c.place, c.name, c.staged, N'cell_' + cast(c.place as nvarchar(10)) as cell, (row_number() over (order by c.place) - 1) / 100 as no
      from #column c where c.type <> N'text' and c.on_error = N'null') t
    group by t.no order by t.no;
  open count_cursor;
  fetch next from count_cursor into @filled, @valued, @counts;
  while @@fetch_status = 0
  begin
    set @some = null;
    set @sql = N'select @some = string_agg(cast(N''"'' + x.name collate Latin1_General_BIN2 + N''":'' + cast(x.cells as nvarchar(20)) as nvarchar(max)), N'','') within group (order by x.place)'
      + N' from (select ' + @filled + N' from ' + @snapshot + N') f cross join (select ' + @valued
      + N' from #typed v) n cross apply (values ' + @counts + N') x (place, name, cells) where x.cells > 0';
    exec sp_executesql @sql, N'@some nvarchar(max) output', @some = @some output;
    if @some is not null
      set @emptied = isnull(@emptied + N',', N'') + @some;
    fetch next from count_cursor into @filled, @valued, @counts;
  end
  close count_cursor;
  deallocate count_cursor;
  set @emptied = N'{' + @emptied + N'}';
end
