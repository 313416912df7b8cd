-- Removes tombstones that every consumer had the retention's time to read, and the records of loads older than a year.
alter procedure qt.purge
  @retention_days int = 90
with execute as owner
as
begin
  set nocount on;
  set xact_abort on;
  declare @dataset_no int = 0, @table nvarchar(60), @horizon bigint, @removed bigint, @sql nvarchar(max);
  if @retention_days is null or @retention_days < 0
    exec qt.fail 54032, N'qt.purge needs a retention of 0 days or more.';
  begin try
    while 1 = 1
    begin
      set @table = null;
      select top (1) @dataset_no = d.dataset_no, @table = d.table_name from qt.dataset d where d.dataset_no > @dataset_no order by d.dataset_no;
      if @table is null
        break;
      begin transaction;
      exec qt.lock_dataset @dataset_no;
      set @horizon = null;
      select @horizon = max(l.version) from qt.[load] l where l.dataset_no = @dataset_no and l.status = N'published'
        and l.ended_at <= dateadd(day, -@retention_days, sysutcdatetime());
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
    delete from qt.[load] where ended_at < dateadd(day, -365, sysutcdatetime());
  end try
  begin catch
    if xact_state() <> 0
      rollback transaction;
    throw;
  end catch
end
