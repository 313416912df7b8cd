-- Copies the next rows of a dataset whose type is being changed. Returns how many, or what keeps them from being converted. Reads the caller's
-- #change (place, header, name, old, type, on_error).
alter procedure qt.copy_rows
  @dataset_no int,
  @rows       int,
  @copied     bigint output,
  @error      nvarchar(2000) output
as
begin
  set nocount on;
  declare @sql nvarchar(max), @landed nvarchar(200), @copy nvarchar(200), @keys nvarchar(max), @keyless bit;
  declare @version bigint, @begun bigint, @from_version bigint, @from_row bigint, @to_version bigint, @gone bigint = 0, @more int;
  declare @names nvarchar(max), @source nvarchar(max), @values nvarchar(max), @cells nvarchar(max), @refused nvarchar(max), @differs nvarchar(max);
  declare @row_text nvarchar(max), @key_text nvarchar(max), @hashed nvarchar(100) = N't.__differs = 1';
  declare @bad bigint, @row bigint;
  select @keys = d.key_columns, @landed = N'data.' + quotename(d.table_name),
    @copy = N'data.' + quotename(N'change__' + cast(c.change_no as nvarchar(20))), @version = c.version, @begun = c.begun_version,
    @from_version = c.copied_version, @from_row = c.copied_row
  from qt.type_change c join qt.dataset d on d.dataset_no = c.dataset_no where c.dataset_no = @dataset_no;
  create table #column (place int not null, name nvarchar(60) collate Latin1_General_BIN2 not null, type nvarchar(20) collate Latin1_General_BIN2 not null);
  create table #pair (
    name nvarchar(60) collate Latin1_General_BIN2 not null, type nvarchar(20) collate Latin1_General_BIN2 not null,
    expression nvarchar(140) collate Latin1_General_BIN2 not null, is_key bit not null);
  create table #typed (
    __version bigint not null, __row_id bigint not null, __k8 bigint not null, __key_hash binary(32) not null, __deleted bit not null,
    __differs bit not null);

  -- The values are made once, into #typed: what follows reads those.
  insert into #column (place, name, type) select w.place, w.name, w.type from #change w;
  exec qt.add_columns N'#typed';
  select @names = string_agg(cast(N', ' + quotename(w.name) as nvarchar(max)), N'') within group (order by w.place),
    @values = string_agg(cast(N', ' + qt.formatted_value_sql(w.type, case when w.old = N'text' then t.format end, qt.text_sql(w.old, N'l.' + quotename(w.name))) as nvarchar(max)), N'')
      within group (order by w.place),
    @refused = string_agg(case when w.on_error = N'fail' then cast(N't.' + quotename(w.name) collate Latin1_General_BIN2 + N' is null and ltrim(rtrim('
      + qt.text_sql(w.old, N'l.' + quotename(w.name)) + N')) collate Latin1_General_BIN2 <> N''''' as nvarchar(max)) end, N' or ')
      within group (order by w.place),
    @differs = string_agg(cast(N'(l.' + quotename(w.name) collate Latin1_General_BIN2 + N' is not null and (t.' + quotename(w.name) + N' is null or '
      + qt.text_sql(w.old, N'l.' + quotename(w.name)) + N' + N''.'' collate Latin1_General_BIN2 <> ' + qt.text_sql(w.type, N't.' + quotename(w.name))
      + N' + N''.'' collate Latin1_General_BIN2))' as nvarchar(max)), N' or ') within group (order by w.place)
  from #change w left join qt.dataset_type t on t.dataset_no = @dataset_no and t.name = w.name;
  set @sql = N'insert into #typed (__version, __row_id, __k8, __key_hash, __deleted, __differs' + @names
    + N') select top (@rows) l._version, l._row_id, l._k8, l._key_hash, l._deleted, 0' + @values + N' from ' + @landed + N' l where ';
  -- The rest of the version that was copied in part, then those after it: each in the order of the index.
  set @source = @sql + N'l._version = @version and l._row_id > @row order by l._version, l._row_id; set @copied = @@rowcount;';
  exec sp_executesql @source, N'@rows int, @version bigint, @row bigint, @copied bigint output',
    @rows = @rows, @version = @from_version, @row = @from_row, @copied = @copied output;
  if @copied < @rows
  begin
    set @more = @rows - @copied;
    set @source = @sql + N'l._version > @version order by l._version, l._row_id; set @copied = @copied + @@rowcount;';
    exec sp_executesql @source, N'@rows int, @version bigint, @copied bigint output', @rows = @more, @version = @from_version, @copied = @copied output;
  end
  if @copied = 0
    return;

  -- By the order of the index: to read the whole table for each batch would be slower with every row of it.
  set @source = N' from #typed t inner loop join ' + @landed + N' l on l._version = t.__version and l._row_id = t.__row_id';
  if @refused is not null
  begin
    set @sql = N'select @bad = count_big(*)' + @source + N' where l._deleted = 0 and (' + @refused + N')';
    exec sp_executesql @sql, N'@bad bigint output', @bad = @bad output;
    if @bad > 0
    begin
      exec qt.name_refused_type @dataset_no, @source, @error output;
      return;
    end
  end
  set @sql = N'update t set __differs = 1' + @source + N' where l._deleted = 0 and (' + @differs + N')';
  exec(@sql);

  if @begun < (select max(t.__version) from #typed t)
  begin
    set @sql = N' from #typed t inner loop join ' + @copy + N' b on b._k8 = t.__k8 and b._key_hash = t.__key_hash';
    set @sql = N'select @gone = count_big(*)' + @sql + N' where b._deleted = 0; delete b' + @sql;
    exec sp_executesql @sql, N'@gone bigint output', @gone = @gone output;
  end
  -- The hash covers the text, so it stays where that does; but with a key a float is hashed in a form of its own (qt.row_text_sql).
  if @keys <> N'[]' and exists (select * from #change w where N'float' in (w.old, w.type))
    set @hashed = N'l._deleted = 0';
  set @keyless = case when @keys = N'[]' then 1 else 0 end;
  insert into #pair (name, type, expression, is_key)
  select c.name, isnull(w.type, c.type), case when w.name is null then N'l.' else N't.' end + quotename(c.name), 0
  from qt.dataset_column c left join #change w on w.name = c.name where c.dataset_no = @dataset_no;
  exec qt.row_text_sql @keyless, @row_text output, @key_text output;
  select @names = string_agg(cast(N', ' + quotename(p.name) as nvarchar(max)), N'') within group (order by p.name),
    @cells = string_agg(cast(N', ' + p.expression as nvarchar(max)), N'') within group (order by p.name) from #pair p;
  set @sql = N'set identity_insert ' + @copy + N' on; insert into ' + @copy + N' (_row_id, _k8, _key_hash, _row_hash, _version, _deleted' + @names
    + N') select l._row_id, l._k8, l._key_hash, case when ' + @hashed + N' then cast(hashbytes(''SHA2_256'', ' + @row_text
    + N') as binary(32)) else l._row_hash end, case when t.__differs = 1 then @version else l._version end, l._deleted' + @cells + @source
    + N'; set identity_insert ' + @copy + N' off;';
  exec sp_executesql @sql, N'@version bigint', @version = @version;
  select top (1) @to_version = t.__version, @row = t.__row_id from #typed t order by t.__version desc, t.__row_id desc;
  update qt.type_change set copied_version = @to_version, copied_row = @row,
    copied_rows = copied_rows - @gone + (select count_big(*) from #typed t where t.__deleted = 0)
  where dataset_no = @dataset_no;
end
