-- The hash of the key that @key names, a JSON object of column or header to text, and the dataset's tables whose rows it can identify:
-- fills the caller's #table (dataset_no, key_hash). Every message names columns, never a value.
alter procedure qt.find_key
  @dataset_id nvarchar(4000),
  @key        nvarchar(max)
as
begin
  set nocount on;
  declare @message nvarchar(2000), @dataset_no int, @keys nvarchar(max), @found int, @given int, @hash binary(32);
  declare @sources nvarchar(max), @values nvarchar(max), @nulls nvarchar(max), @wrong nvarchar(max), @row_text nvarchar(max), @key_text nvarchar(max), @sql nvarchar(max);
  -- `=` forgives trailing spaces; ids are compared with a sentinel. The table of now comes first, then the latest of before. A dataset that
  -- was released before it had a row has no table.
  select top (1) @dataset_no = d.dataset_no, @keys = d.key_columns from qt.dataset d
  where d.dataset_id = @dataset_id and d.dataset_id + N'.' = @dataset_id + N'.' collate Latin1_General_BIN2
    and object_id(N'data.' + quotename(d.table_name)) is not null
  order by case d.status when N'active' then 0 else 1 end, d.dataset_no desc;
  if @dataset_no is null
  begin
    set @message = N'There is no table of dataset ' + isnull(left(@dataset_id, 200), N'<NULL>') + N', so nothing of it is stored. Look the id up in the tenant''s datasets.';
    exec qt.fail 54039, @message;
  end
  if @keys = N'[]'
  begin
    set @message = N'Dataset ' + @dataset_id + N' has no key columns, so no row of it can be found by a key. Remove the row in Quantemplate and load the dataset'
      + N', or configure the columns that identify a row with a new table name.';
    exec qt.fail 54037, @message;
  end
  create table #key (
    name nvarchar(60) collate Latin1_General_BIN2 not null, type nvarchar(20) collate Latin1_General_BIN2 not null, format nvarchar(40) collate Latin1_General_BIN2 null,
    value nvarchar(max) collate Latin1_General_BIN2 null);
  create table #pair (
    name nvarchar(60) collate Latin1_General_BIN2 not null, type nvarchar(20) collate Latin1_General_BIN2 not null,
    expression nvarchar(140) collate Latin1_General_BIN2 not null, is_key bit not null);
  if isjson(@key) = 1 and left(ltrim(@key), 1) = N'{'
  begin
    select @given = count(*) from openjson(@key) g;
    insert into #key (name, type, format, value)
    select k.value, coalesce(c.type, t.type, N'text'), case when c.type is null then t.format else c.format end, g.value
    from openjson(@keys) k
    left join qt.dataset_column c on c.dataset_no = @dataset_no and c.name = k.value collate Latin1_General_BIN2
    left join qt.dataset_type t on t.dataset_no = @dataset_no and t.name = k.value collate Latin1_General_BIN2
    cross apply openjson(@key) g
    where g.type in (1, 2, 3) and (g.[key] = k.value collate Latin1_General_BIN2 or g.[key] + N'.' = c.header + N'.' collate Latin1_General_BIN2
      or qt.physical_name(g.[key]) = k.value collate Latin1_General_BIN2
      or exists (select * from qt.dataset_header h where h.dataset_no = @dataset_no and h.name = k.value collate Latin1_General_BIN2
        and h.header + N'.' = g.[key] + N'.' collate Latin1_General_BIN2));
  end
  select @found = count(*) from (select k.name from #key k group by k.name having count(*) = 1) f;
  if @found <> isnull(@given, 0) or @found <> (select count(*) from #key) or @found <> (select count(*) from openjson(@keys) k)
  begin
    select @wrong = string_agg(cast(k.value as nvarchar(max)), N', ') within group (order by cast(k.[key] as int)) from openjson(@keys) k;
    set @message = N'The key of dataset ' + @dataset_id + N' is ' + left(@wrong, 500) + N'. Name each of these columns once, with its value, and no other.';
    exec qt.fail 54038, @message;
  end
  insert into #pair (name, type, expression, is_key) select k.name, k.type, N'v.' + quotename(k.name), 1 from #key k;
  select
    @sources = string_agg(cast(N'(select k.value from #key k where k.name = N''' + k.name + N''') as ' + quotename(k.name) as nvarchar(max)), N', '),
    @values = string_agg(cast(qt.formatted_value_sql(k.type, k.format, N's.' + quotename(k.name)) + N' as ' + quotename(k.name) collate Latin1_General_BIN2 as nvarchar(max)), N', '),
    @nulls = string_agg(cast(N'case when v.' + quotename(k.name) + N' is null then N''' + k.name + N', '' else N'''' end' as nvarchar(max)), N' + ')
  from #key k;
  exec qt.row_text_sql 0, @row_text output, @key_text output;
  set @sql = N'select @wrong = ' + @nulls + N', @hash = hashbytes(''SHA2_256'', ' + @key_text + N') from (select ' + @sources
    + N') s cross apply (select ' + @values + N') v';
  exec sp_executesql @sql, N'@wrong nvarchar(max) output, @hash binary(32) output', @wrong = @wrong output, @hash = @hash output;
  if @wrong <> N''
  begin
    select @wrong = string_agg(k.name + N' is ' + k.type, N', ') within group (order by k.name) from #key k where charindex(k.name + N', ', @wrong) > 0;
    set @message = N'The key of dataset ' + @dataset_id + N' has a value that does not convert: ' + left(@wrong, 500) + N'. Write it as it is in the file.';
    exec qt.fail 54038, @message;
  end
  -- The hash covers the columns' names, so a table with another key has no such row.
  insert into #table (dataset_no, key_hash)
  select d.dataset_no, @hash from qt.dataset d
  where d.dataset_id = @dataset_id and d.dataset_id + N'.' = @dataset_id + N'.' collate Latin1_General_BIN2
    and object_id(N'data.' + quotename(d.table_name)) is not null;
end
