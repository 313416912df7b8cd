-- Fills the caller's #column with the columns of a staging table that land, and the names and types they land under; refuses names that
-- cannot land. Babelfish keeps the names' spelling in INFORMATION_SCHEMA only; on SQL Server that view can wait for the locks of a table that
-- another session alters, the catalogue by object id does not.
alter procedure qt.snapshot_columns
  @dataset_no int,
  @staging    nvarchar(70)
as
begin
  set nocount on;
  declare @message nvarchar(2000);
  declare @place int, @header nvarchar(128), @name nvarchar(60), @other nvarchar(200);
  declare @next int = (select isnull(max(c.ordinal), 0) + 1 from qt.dataset_column c where c.dataset_no = @dataset_no);
  delete from #column;
  create table #staged (
    place int not null, header nvarchar(128) collate Latin1_General_BIN2 not null, configured bit null, name nvarchar(60) collate Latin1_General_BIN2 null,
    bare nvarchar(200) collate Latin1_General_BIN2 null);
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
  -- A header as it is configured decides. Another spelling of it counts too: always of an excluded one, else if the snapshot does not have
  -- the configured one itself and only one has that spelling. What is configured without a name is excluded.
  if exists (select * from qt.dataset_header h where h.dataset_no = @dataset_no)
  begin
    update s set configured = 1, name = h.name
    from #staged s join qt.dataset_header h on h.dataset_no = @dataset_no and h.header + N'.' = s.header + N'.';
    update #staged set bare = qt.bare_header(header);
    update s set configured = 1, name = case when n.excluded = 0 then n.name end
    from #staged s join (
      select b.bare, max(b.name) as name, count(*) as number, sum(case when b.name is null then 1 else 0 end) as excluded
      from (
        select qt.bare_header(h.header) collate Latin1_General_BIN2 as bare, h.name from qt.dataset_header h
        where h.dataset_no = @dataset_no
          and (h.name is null or not exists (select * from #staged x where x.header + N'.' = h.header + N'.'))) b
      group by b.bare) n on n.bare = s.bare
    where s.configured is null and s.bare <> N'' collate Latin1_General_BIN2 and (n.excluded > 0 or n.number = 1);
    if @header is not null and not exists (select * from #staged s where s.configured is null or s.name is not null)
    begin
      select @message = N'Every column of the snapshot of dataset ' + d.dataset_id + N' is excluded, so nothing would land. Take one out of the dataset''s exclude, or look at the header in Quantemplate.'
      from qt.dataset d where d.dataset_no = @dataset_no;
      exec qt.fail 54026, @message;
    end
  end
  declare column_cursor cursor local static for
    select s.place, s.header, s.name from #staged s where s.configured is null or s.name is not null order by s.place;
  open column_cursor;
  fetch next from column_cursor into @place, @header, @name;
  while @@fetch_status = 0
  begin
    set @name = isnull(@name, qt.physical_name(@header));
    if @name is null
    begin
      -- A header without a letter or digit keeps the number it got when it was first seen.
      select top (1) @name = c.name from qt.dataset_column c
      where c.dataset_no = @dataset_no and c.header + N'.' = @header + N'.' collate Latin1_General_BIN2
        and not exists (select * from qt.dataset_header h where h.dataset_no = @dataset_no and h.name = c.name)
      order by c.ordinal;
      while @name is null
      begin
        set @name = N'column_' + cast(@next as nvarchar(10));
        set @next = @next + 1;
        if exists (select * from qt.dataset_column c where c.dataset_no = @dataset_no and c.name = @name)
           or exists (select * from qt.dataset_header h where h.dataset_no = @dataset_no and h.name = @name)
           or exists (select * from #column c where c.name = @name)
          set @name = null;
      end
    end
    -- qt_row_id is what the function keys a keyless dataset by.
    if @name in (N'_row_id', N'_k8', N'_key_hash', N'_row_hash', N'_version', N'_deleted') or left(@name, 9) = N'_fivetran'
       or (@name = N'qt_row_id' and exists (select * from qt.dataset d where d.dataset_no = @dataset_no and d.key_columns = N'[]'))
    begin
      set @message = N'The header ' + qt.visible_text(left(@header, 100)) + N' would become the column "' + @name + N'", a name that is reserved. Rename it in Quantemplate, or name it in the dataset''s columns.';
      exec qt.fail 54017, @message;
    end
    set @other = null;
    select @other = c.header from #column c where c.name = @name;
    if @other is not null
    begin
      set @message = N'The headers ' + qt.visible_text(@other) + N' and ' + qt.visible_text(@header) + N' would both become the column "' + @name
        + N'". Name them in the dataset''s columns, or rename one in Quantemplate.';
      exec qt.fail 54016, @message;
    end
    -- A column that has landed keeps its type until qt.change_types has changed it.
    insert into #column (place, header, name, type, on_error, format, is_key)
    select @place, @header, @name, coalesce(k.type, t.type, N'text'), coalesce(k.on_error, t.on_error, N'fail'),
      case when k.name is null then t.format else k.format end,
      case when exists (select * from openjson(d.key_columns) j where j.value = @name) then 1 else 0 end
    from qt.dataset d
    left join qt.dataset_column k on k.dataset_no = d.dataset_no and k.name = @name
    left join qt.dataset_type t on t.dataset_no = d.dataset_no and t.name = @name
    where d.dataset_no = @dataset_no;
    fetch next from column_cursor into @place, @header, @name;
  end
  close column_cursor;
  deallocate column_cursor;
  -- A header that is not the one its column had, is configured for, or would be excluded from, is another column with the same name.
  set @other = null;
  select top (1) @header = c.header, @other = o.header, @name = c.name
  from #column c join #staged s on s.place = c.place join (
    select k.header, k.name from qt.dataset_column k where k.dataset_no = @dataset_no
    union all
    select h.header, isnull(h.name, qt.physical_name(h.header) collate Latin1_General_BIN2) from qt.dataset_header h
    where h.dataset_no = @dataset_no and (h.name is not null or (
      not exists (select * from #staged x where x.configured = 1 and x.name is null and x.bare = qt.bare_header(h.header) collate Latin1_General_BIN2)
      and not exists (select * from qt.dataset_column k where k.dataset_no = @dataset_no and k.name = qt.physical_name(h.header) collate Latin1_General_BIN2)))) o on o.name = c.name
  where s.configured is null and o.header + N'.' <> c.header + N'.'
    and qt.bare_header(o.header) collate Latin1_General_BIN2 <> qt.bare_header(c.header) collate Latin1_General_BIN2
  order by c.place;
  if @other is not null
  begin
    select @message = N'In dataset ' + d.dataset_id + N' the header ' + qt.visible_text(@header) + N' would take the place of ' + qt.visible_text(@other)
      + N' in the column "' + @name + N'". Name them in the dataset''s columns: each with a column of its own, or the new one with this column if it replaces the other.'
    from qt.dataset d where d.dataset_no = @dataset_no;
    exec qt.fail 54007, @message;
  end
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
  update c set staged = N's.' + quotename(c.header) from #column c;
  update #column set value_sql = qt.formatted_value_sql(type, format, staged);
end
