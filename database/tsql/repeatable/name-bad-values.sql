-- Raises the error that names the first cells which do not convert, by line, column and kind; with @keep, stores them for an auditor instead.
-- Reads the caller's #column. A line is a record, the header being the first, counted in the order the rows are read: the file's for a
-- table that one bulk load filled, but no engine promises it.
-- A hundred columns a statement: all columns of a wide table in one would pass 65,535 identifiers and constants (error 8632).
alter procedure qt.name_bad_values
  @run_id nvarchar(64),
  @keep   bit = 0
as
begin
  set nocount on;
  declare @message nvarchar(2000), @staged nvarchar(max), @cells nvarchar(max), @sql nvarchar(max), @named nvarchar(max), @erased nvarchar(max);
  declare @dataset_no int = (select l.dataset_no from qt.[load] l where l.run_id = @run_id);
  create table #bad (
    line bigint not null, place int not null, header nvarchar(128) collate Latin1_General_BIN2 not null,
    type nvarchar(70) collate Latin1_General_BIN2 not null, value nvarchar(400) collate Latin1_General_BIN2 not null);
  exec qt.erased_sql @dataset_no, @erased output;
  -- The cells under names of our own, so that no header is in the way of another name here.
  declare cells_cursor cursor local static for
    select
      string_agg(cast(N', ' + t.staged + N' as ' + t.cell collate Latin1_General_BIN2 as nvarchar(max)), N'') within group (order by t.place),
      string_agg(cast(N'(' + cast(t.place as nvarchar(10)) + N', N''' + replace(t.header, N'''', N'''''') collate Latin1_General_BIN2
        + N''', N''' + t.type + isnull(N' as ' + replace(t.format, N'''', N''''''), N'') collate Latin1_General_BIN2 + N''', n.' + t.cell + N', case when ltrim(rtrim(n.' + t.cell + N')) collate Latin1_General_BIN2 <> N'''' and ('
        + qt.formatted_value_sql(t.type, t.format, N'n.' + t.cell) + N') is null then 1 else 0 end)' as nvarchar(max)), N', ') within group (order by t.place)
    from (
      select c.place, c.header, c.type, c.format, c.staged, N'cell_' + cast(c.place as nvarchar(10)) as cell, (row_number() over (order by c.place) - 1) / 100 as no
      from #column c where c.type <> N'text' and c.on_error = N'fail') t
    group by t.no order by t.no;
  open cells_cursor;
  fetch next from cells_cursor into @staged, @cells;
  while @@fetch_status = 0
  begin
    set @sql = N'insert into #bad (line, place, header, type, value) select top (100) n.line, c.place, c.header, c.type, left(c.value, 400)'
      + N' from (select row_number() over (order by (select null)) + 1 as line, case when ' + @erased + N' then 1 else 0 end as __erased' + @staged
      + N' from staging.' + quotename(qt.staging_name(@run_id)) + N' s) n'
      + N' cross apply (values ' + @cells + N') c (place, header, type, value, bad) where c.bad = 1 and n.__erased = 0 order by n.line, c.place';
    exec(@sql);
    fetch next from cells_cursor into @staged, @cells;
  end
  close cells_cursor;
  deallocate cells_cursor;
  if @keep = 1
  begin
    insert into qt.refused_value (run_id, dataset_no, line, header, kind, value)
    select top (100) @run_id, @dataset_no, b.line, b.header, N'is not ' + b.type, b.value from #bad b order by b.line, b.place;
    return;
  end
  select @named = string_agg(cast(N'line ' + cast(f.line as nvarchar(20)) + N', column ' + qt.visible_text(left(f.header, 100)) collate Latin1_General_BIN2
    + N' is not ' + f.type + case f.type when N'datetime2' then N' (milliseconds at most)' else N'' end as nvarchar(max)), N'; ') within group (order by f.line, f.place)
  from (select top (5) b.line, b.place, b.header, b.type from #bad b order by b.line, b.place) f;
  set @message = N'The snapshot has values that do not convert: ' + left(@named, 1400) + N'. An auditor finds them in qt.refused_value for run ' + @run_id
    + N'. Correct them in Quantemplate, or declare onError null.';
  exec qt.fail 54015, @message;
end
