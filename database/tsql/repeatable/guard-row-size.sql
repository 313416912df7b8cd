-- Refuses a snapshot with a row that would not fit into the landed table: the server would say so in the middle of the publish, without a
-- column's name (errors 511 and 1701). docs/sql-server-limits.md has the sizes. Reads the caller's #column. The rows are looked at only if
-- there are so many texts that one could be too large.
alter procedure qt.guard_row_size
  @dataset_no int,
  @staging    nvarchar(70)
as
begin
  set nocount on;
  declare @message nvarchar(2000), @dataset_id nvarchar(200), @table nvarchar(60);
  declare @fixed int, @texts int, @most int, @cells nvarchar(max), @bytes nvarchar(40), @sql nvarchar(max), @named nvarchar(max);
  select @dataset_id = d.dataset_id, @table = d.table_name from qt.dataset d where d.dataset_no = @dataset_no;
  -- Ours take 88 bytes and a bit; eight bits share a byte, as do eight columns in the map of NULLs. Texts are numbered in the order that they
  -- have, or will have, in the table.
  select @texts = isnull(sum(case when z.type = N'text' then 1 else 0 end), 0),
    @fixed = 4 + 88 + (1 + isnull(sum(case when z.type = N'bit' then 1 else 0 end), 0) + 7) / 8 + 2 + (6 + count(*) + 7) / 8 + isnull(sum(case
      when z.type in (N'text', N'bit') then 0
      when z.type = N'date' then 3
      when z.type = N'int' then 4
      when z.type = N'datetime2' then 7
      when z.type in (N'bigint', N'float') then 8
      when z.type like N'decimal([0-9],%' then 5
      when z.type like N'decimal(1[0-9],%' then 9
      when z.type like N'decimal(2[0-8],%' then 13
      else 17 end), 0),
    @cells = string_agg(case when z.type = N'text' then cast(N'(' + z.staged + N', ' + cast(z.no as nvarchar(10)) + N')' as nvarchar(max)) end, N', ')
  from (
    select a.type, a.staged, row_number() over (partition by case when a.type = N'text' then 1 else 0 end order by isnull(l.column_id, 10000 + a.place)) as no
    from (
      select c.name, c.type, c.place, c.staged from #column c
      union all
      select k.name, k.type, k.ordinal, null from qt.dataset_column k
      where k.dataset_no = @dataset_no and not exists (select * from #column c where c.name = k.name)) a
    left join sys.columns l on l.object_id = object_id(N'data.' + quotename(@table)) and l.name collate Latin1_General_BIN2 = a.name) z;
  if @fixed > 8060
  begin
    set @message = N'The declared types of dataset ' + @dataset_id + N' need ' + cast(@fixed as nvarchar(10)) + N' bytes in every row of data.' + @table
      + N', counting columns that vanished; 8060 fit. Declare smaller types, leave columns out with the dataset''s exclude, or use a new table name.';
    exec qt.fail 54047, @message;
  end
  if @cells is null or @fixed + 2 + 26 * @texts <= 8060
    return;

  -- Two bytes for each column up to the last that is filled, and what of the text stays in the row. Babelfish counts the bytes of UTF-8.
  set @bytes = case when serverproperty(N'BabelfishVersion') is null then N'datalength(v.t)' else N'2 * (len(v.t + N''.'') - 1)' end;
  set @sql = N'select @most = max(b.bytes) from staging.' + quotename(@staging) + N' s cross apply (select 2 * max(v.no)'
    + N' + sum(case when ' + @bytes + N' > 24 then 24 else ' + @bytes + N' end) as bytes from (values ' + @cells + N') v (t, no) where v.t is not null) b';
  exec sp_executesql @sql, N'@most int output', @most = @most output;
  set @most = @fixed + 2 + isnull(@most, 0);
  if @most <= 8060
    return;
  select @named = string_agg(qt.visible_text(n.header), N', ') within group (order by n.place desc)
  from (select top (5) c.header, c.place from #column c where c.type = N'text' and c.is_key = 0 order by c.place desc) n;
  set @message = N'A row of the snapshot of dataset ' + @dataset_id + N' would take ' + cast(@most as nvarchar(10)) + N' bytes in data.' + @table
    + N'; 8060 fit. Leave out at least ' + cast((@most - 8060 + 25) / 26 as nvarchar(10)) + N' of its columns of text with the dataset''s exclude'
    + isnull(N', such as ' + left(@named, 700), N'') + N', or declare the types of columns that hold numbers or dates.';
  exec qt.fail 54047, @message;
end
