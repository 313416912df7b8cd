-- Removes tombstones that every consumer had the retention's time to read, tables that are retired for longer than the tenant keeps them,
-- refused values after 30 days and the records of loads after a year. The tenant's setting, if there is one, goes before @retention_days.
alter procedure qt.purge
  @retention_days int = 90
with execute as owner
as
begin
  set nocount on;
  set xact_abort on;
  declare @dataset_no int = 0, @table nvarchar(60), @horizon bigint, @removed bigint, @ended nvarchar(64), @sql nvarchar(max);
  if @retention_days is null or @retention_days < 0
    exec qt.fail 54032, N'qt.purge needs a retention of 0 days or more.';
  set @retention_days = isnull((select cast(s.value as int) from qt.setting s where s.name = N'deleted_rows_days'), @retention_days);
  begin try
    delete from qt.refused_value where at < dateadd(day, -30, sysutcdatetime());
    exec qt.drop_retired;
    while 1 = 1
    begin
      set @table = null;
      select top (1) @dataset_no = d.dataset_no, @table = d.table_name from qt.dataset d where d.dataset_no > @dataset_no order by d.dataset_no;
      if @table is null
        break;
      begin transaction;
      exec qt.lock_dataset @dataset_no;
      set @horizon = null;
      select @horizon = max(v.version) from (
        select l.version from qt.[load] l where l.dataset_no = @dataset_no and l.status = N'published'
          and l.ended_at <= dateadd(day, -@retention_days, sysutcdatetime())
        union all
        select d.erased_version from qt.dataset d where d.dataset_no = @dataset_no and d.erased_at <= dateadd(day, -@retention_days, sysutcdatetime())) v;
      set @removed = null;
      if @horizon is not null
      begin
        set @sql = N'l._deleted = 1 and l._version <= ' + cast(@horizon as nvarchar(20));
        exec qt.uncopy_rows @dataset_no, @sql;
        set @sql = N'select @removed = max(_version) from data.' + quotename(@table) + N' where _deleted = 1 and _version <= @horizon;'
          + N' if @removed is not null delete from data.' + quotename(@table) + N' where _deleted = 1 and _version <= @horizon;';
        exec sp_executesql @sql, N'@horizon bigint, @removed bigint output', @horizon = @horizon, @removed = @removed output;
      end
      -- The purge takes a version of its own, so that qt.changes can tell reads that began before it from later ones.
      if @removed is not null
        update qt.dataset set purged_through = @removed, published_version = published_version + 1, purge_version = published_version + 1
        where dataset_no = @dataset_no;
      commit transaction;
    end
    -- Left by a qt.fail_load that was cut off.
    declare ended_cursor cursor local static for
      select l.run_id from qt.[load] l where l.status = N'failed' and object_id(N'staging.' + quotename(qt.staging_name(l.run_id)), N'U') is not null;
    open ended_cursor;
    fetch next from ended_cursor into @ended;
    while @@fetch_status = 0
    begin
      exec qt.drop_staging @ended;
      fetch next from ended_cursor into @ended;
    end
    close ended_cursor;
    deallocate ended_cursor;
    delete from qt.[load] where ended_at < dateadd(day, -365, sysutcdatetime());
  end try
  begin catch
    if xact_state() <> 0
      rollback transaction;
    throw;
  end catch
end
