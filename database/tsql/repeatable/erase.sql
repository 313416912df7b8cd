-- Erases the row of a key for good: its cells at once, the key with the tombstone's purge. A later snapshot does not bring it back until
-- qt.lift_erasure. An administrator calls it. @key is a JSON object of column or header to text.
alter procedure qt.erase
  @dataset_id nvarchar(4000),
  @key        nvarchar(max)
with execute as owner
as
begin
  set nocount on;
  set xact_abort on;
  declare @dataset_no int, @table nvarchar(60), @keys nvarchar(max), @hash binary(32), @emptied nvarchar(max), @sql nvarchar(max), @changed bigint, @row bigint;
  declare @rows bigint = 0, @values bigint, @loads bigint, @known bit = 0, @tables nvarchar(max);
  create table #table (dataset_no int not null, key_hash binary(32) not null);
  begin try
    begin transaction;
    exec qt.find_key @dataset_id, @key;
    select top (1) @hash = t.key_hash from #table t;
    declare table_cursor cursor local static for select t.dataset_no from #table t order by t.dataset_no;
    open table_cursor;
    fetch next from table_cursor into @dataset_no;
    while @@fetch_status = 0
    begin
      exec qt.lock_dataset @dataset_no;
      select @table = d.table_name, @keys = d.key_columns from qt.dataset d where d.dataset_no = @dataset_no;
      -- The table's columns, not the catalogue's: a publish that failed or a change of type may have left one.
      select @emptied = string_agg(cast(N', ' + quotename(left(c.name, 128)) + N' = null' as nvarchar(max)), N'')
      from sys.columns c
      where c.object_id = object_id(N'data.' + quotename(@table))
        and c.name collate Latin1_General_BIN2 not in (N'_row_id', N'_k8', N'_key_hash', N'_row_hash', N'_version', N'_deleted')
        and not exists (select * from openjson(@keys) k where k.value = c.name collate Latin1_General_BIN2);
      -- Also one that a load has deleted meanwhile: the copy does not know that yet.
      set @row = null;
      set @sql = N'select @row = _row_id from data.' + quotename(@table) + N' where _k8 = cast(substring(@hash, 1, 8) as bigint) and _key_hash = @hash';
      exec sp_executesql @sql, N'@hash binary(32), @row bigint output', @hash = @hash, @row = @row output;
      if @row is not null
      begin
        set @sql = N'b._deleted = 0 and l._row_id = ' + cast(@row as nvarchar(20));
        exec qt.uncopy_rows @dataset_no, @sql;
      end
      set @sql = N'update data.' + quotename(@table) + N' set _row_hash = cast(0x00 as binary(32)), _deleted = 1, _version = (select d.published_version + 1 from qt.dataset d where d.dataset_no = @dataset_no)'
        + isnull(@emptied, N'') + N' where _k8 = cast(substring(@hash, 1, 8) as bigint) and _key_hash = @hash and _deleted = 0; set @changed = @@rowcount;';
      exec sp_executesql @sql, N'@dataset_no int, @hash binary(32), @changed bigint output', @dataset_no = @dataset_no, @hash = @hash, @changed = @changed output;
      if @changed > 0
      begin
        update qt.dataset set published_version = published_version + 1, live_rows = live_rows - @changed, erased_at = sysutcdatetime(), erased_version = published_version + 1
        where dataset_no = @dataset_no;
        set @rows = @rows + @changed;
        set @tables = isnull(@tables + N', ', N'') + @table;
      end
      fetch next from table_cursor into @dataset_no;
    end
    close table_cursor;
    deallocate table_cursor;
    insert into qt.erased_key (dataset_id, key_hash)
    select @dataset_id, @hash where not exists (select * from qt.erased_key e where e.dataset_id = @dataset_id and e.key_hash = @hash);
    set @known = 1 - @@rowcount;
    -- All of the dataset's: which row a refused cell stood in is not kept.
    delete r from qt.refused_value r join #table t on t.dataset_no = r.dataset_no;
    set @values = @@rowcount;
    select @loads = count(*) from qt.[load] l join #table t on t.dataset_no = l.dataset_no where l.status = N'loading';
    commit transaction;
    select @rows as rows_erased, @tables as tables, @values as refused_values, @loads as open_loads, @known as was_erased;
  end try
  begin catch
    if xact_state() <> 0
      rollback transaction;
    throw;
  end catch
end
