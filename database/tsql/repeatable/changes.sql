-- One page of the feed: the header first, then, when the cursor is good, the rows after it. Rows are versioned and need no lock, the types
-- of columns are not. A page that met a change of type between the catalogue and the rows would send values in the driver's words; so a
-- change that goes on is waited for before the catalogue is read, and one that comes in between is an error: the page's own, because text
-- takes a collation and what has become a date does not, or one after it.
alter procedure qt.changes
  @dataset_id    nvarchar(4000),
  @epoch         nvarchar(36),
  @after_version bigint,
  @after_row     bigint,
  @upto          bigint,
  @limit         int
with execute as owner
as
begin
  set nocount on;
  declare @dataset_no int, @table nvarchar(60), @current_epoch nvarchar(36), @published bigint, @purged bigint, @purge_version bigint;
  declare @keys nvarchar(max), @bound bigint, @answer nvarchar(10) = N'ok', @fields nvarchar(max), @names nvarchar(max), @sql nvarchar(max);
  declare @columns nvarchar(max), @types_changed nvarchar(200) = N'A column changed its type while the page was read. Nothing was sent; read the page again.';
  if @limit is null or @limit < 1 or @after_version is null or @after_row is null
    exec qt.fail 54032, N'qt.changes needs after_version, after_row and a limit of at least 1.';
  exec qt.renew_epochs_after_restore;
  -- `=` forgives trailing spaces; ids are compared with a sentinel.
  select @dataset_no = d.dataset_no, @table = d.table_name from qt.dataset d
  where d.dataset_id = @dataset_id and d.dataset_id + N'.' = @dataset_id + N'.' collate Latin1_General_BIN2 and d.status = N'active';
  if @dataset_no is not null
  begin
    set @sql = N'declare @deleted bit; select top (1) @deleted = _deleted from data.' + quotename(@table);
    exec(@sql);
  end
  select @current_epoch = d.epoch, @published = d.published_version,
    @purged = d.purged_through, @purge_version = d.purge_version, @keys = d.key_columns
  from qt.dataset d where d.dataset_no = @dataset_no;
  set @bound = case when @upto < @published then @upto else @published end;
  if @dataset_no is null
    set @answer = N'unknown';
  -- Tombstones after the cursor are gone, where a read is not at its end also those of the cursor's own version. A read whose bound
  -- lies after the purge began after it and misses none.
  else if @epoch is not null
      and (@epoch <> @current_epoch or (@upto is null and @after_version < @purged) or (@upto < @purge_version and @after_version <= @purged))
    set @answer = N'resync';

  if @dataset_no is not null
    set @columns = qt.columns_json(@dataset_no);
  select @answer as status, @current_epoch as epoch, @bound as upto, @purged as purged_through, @keys as key_columns,
    @columns as columns;
  if @answer <> N'ok'
    return;

  select @fields = string_agg(cast(N', '
           + case when c.type = N'text' then N'l.' + quotename(c.name) + N' collate Latin1_General_BIN2'
             else qt.text_sql(c.type, N'l.' + quotename(c.name)) end
           + N' as ' + quotename(c.name) collate Latin1_General_BIN2 as nvarchar(max)), N'') within group (order by c.ordinal),
         @names = string_agg(cast(N', ' + quotename(c.name) as nvarchar(max)), N'') within group (order by c.ordinal)
  from qt.dataset_column c where c.dataset_no = @dataset_no;
  -- Two ranges of the index, each in its order: a single condition with OR would read a large version from its start for every page.
  set @sql = N'select top (@limit) l._version, l._row_id, l._deleted' + isnull(@fields, N'')
    + N' from (select a.* from (select top (@limit) _version, _row_id, _deleted' + isnull(@names, N'') + N' from data.' + quotename(@table)
    + N' where _version = @after_version and _version <= @bound and _row_id > @after_row order by _version, _row_id) a'
    + N' union all select b.* from (select top (@limit) _version, _row_id, _deleted' + isnull(@names, N'') + N' from data.' + quotename(@table)
    + N' where _version > @after_version and _version <= @bound order by _version, _row_id) b) l order by l._version, l._row_id';
  begin try
    exec sp_executesql @sql, N'@after_version bigint, @after_row bigint, @bound bigint, @limit int',
      @after_version = @after_version, @after_row = @after_row, @bound = @bound, @limit = @limit;
  end try
  begin catch
    if error_number() = 447
      exec qt.fail 54034, @types_changed;
    throw;
  end catch
  if exists (
      select * from openjson(@columns) with (name nvarchar(60) '$.name', type nvarchar(20) '$.type') r
      join qt.dataset_column c on c.dataset_no = @dataset_no and c.name = r.name collate Latin1_General_BIN2
      where c.type <> r.type collate Latin1_General_BIN2)
    exec qt.fail 54034, @types_changed;
end
