-- Changes the type of a landed column when every value of a live row converts; otherwise names the first row of which it does not, or with
-- onError null lets it become NULL. A large table is left to qt.change_types.
-- The values move to a new column, because ALTER COLUMN has its own idea of blanks and dates. Rows whose text in the feed becomes another
-- one get a version of their own, as a change of any other kind.
alter procedure qt.change_type
  @dataset_no int,
  @name       nvarchar(60),
  @type       nvarchar(20),
  @on_error   nvarchar(4)
as
begin
  set nocount on;
  declare @message nvarchar(2000);
  declare @dataset_id nvarchar(200), @table nvarchar(60), @keys nvarchar(max), @live bigint;
  select @dataset_id = d.dataset_id, @table = d.table_name, @keys = d.key_columns, @live = d.live_rows from qt.dataset d where d.dataset_no = @dataset_no;
  declare @header nvarchar(128), @old nvarchar(20);
  select @header = c.header, @old = c.type from qt.dataset_column c where c.dataset_no = @dataset_no and c.name = @name;
  if exists (select * from openjson(@keys) k where k.value = @name)
  begin
    set @message = N'The key column "' + left(@header, 100) + N'" of dataset ' + @dataset_id + N' cannot change from ' + @old + N' to ' + @type
      + N': its rows would become other rows. Use a new table name.';
    exec qt.fail 54021, @message;
  end

  if @live > isnull((select try_convert(bigint, s.value) from qt.setting s where s.name = N'rows_changed_at_once'), 100000)
    return;
  exec qt.drop_copy @dataset_no;

  declare @landed nvarchar(200) = N'data.' + quotename(@table);
  declare @column nvarchar(130) = quotename(@name);
  declare @text nvarchar(max) = qt.text_sql(@old, @column);
  declare @value nvarchar(max) = qt.formatted_value_sql(@type,
    case when @old = N'text' then (select t.format from qt.dataset_type t where t.dataset_no = @dataset_no and t.name = @name) end, @text);
  declare @bad bigint, @row bigint;
  declare @sql nvarchar(max) = N'select @bad = count_big(*), @row = min(_row_id) from ' + @landed
    + N' where _deleted = 0 and ltrim(rtrim(' + @text + N')) collate Latin1_General_BIN2 <> N'''' and (' + @value + N') is null';
  if @on_error <> N'null' collate Latin1_General_BIN2
    exec sp_executesql @sql, N'@bad bigint output, @row bigint output', @bad = @bad output, @row = @row output;
  if @bad > 0
  begin
    set @message = qt.refused_type(@header, @dataset_id, @type, @bad, @row);
    exec qt.fail 54024, @message;
  end

  -- Under a name that no header can get: names never hold two underscores.
  set @sql = N'alter table ' + @landed + N' add __new ' + qt.physical_type(@type) + N' null';
  exec(@sql);
  set @sql = N'update ' + @landed + N' set __new = ' + @value + N' where ' + @column + N' is not null';
  exec(@sql);
  declare @version bigint = (select d.published_version + 1 from qt.dataset d where d.dataset_no = @dataset_no);
  declare @changed bigint, @row_text nvarchar(max), @key_text nvarchar(max);
  set @sql = N'update ' + @landed + N' set _version = @version where _deleted = 0 and ' + @column + N' is not null and (__new is null or '
    + @text + N' + N''.'' <> ' + qt.text_sql(@type, N'__new') + N' + N''.'' collate Latin1_General_BIN2); set @changed = @@rowcount;';
  exec sp_executesql @sql, N'@version bigint, @changed bigint output', @version = @version, @changed = @changed output;
  set @sql = N'alter table ' + @landed + N' drop column ' + @column;
  exec(@sql);
  set @sql = @landed + N'.__new';
  exec sp_rename @sql, @name, N'COLUMN';
  update qt.dataset_column set type = @type where dataset_no = @dataset_no and name = @name;
  -- With a key, a float is hashed in a form of its own (qt.row_text_sql): there the hash changes where the text in the feed does not.
  declare @keyless bit = case when @keys = N'[]' then 1 else 0 end;
  declare @all bit = case when @keys <> N'[]' and N'float' in (@old, @type) then 1 else 0 end;
  if @changed > 0 or @all = 1
  begin
    create table #pair (
      name nvarchar(60) collate Latin1_General_BIN2 not null, type nvarchar(20) collate Latin1_General_BIN2 not null,
      expression nvarchar(140) collate Latin1_General_BIN2 not null, is_key bit not null);
    insert into #pair (name, type, expression, is_key)
    select c.name, c.type, N'l.' + quotename(c.name), 0 from qt.dataset_column c where c.dataset_no = @dataset_no;
    exec qt.row_text_sql @keyless, @row_text output, @key_text output;
    set @sql = N'update l set _row_hash = hashbytes(''SHA2_256'', ' + @row_text + N') from ' + @landed + N' l where l._version = @version'
      + case when @all = 1 then N' or l.' + @column + N' is not null' else N'' end;
    exec sp_executesql @sql, N'@version bigint', @version = @version;
  end
  if @changed > 0
    update qt.dataset set published_version = @version where dataset_no = @dataset_no;
end
