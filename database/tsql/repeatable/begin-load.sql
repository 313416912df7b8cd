-- Registers a run and stamps the time of its snapshot. Running it again for the same run changes nothing.
-- @source_version is the version that the run asks Quantemplate for; 0 asks for the latest, whose number Quantemplate does not tell.
alter procedure qt.begin_load
  @run_id         nvarchar(64),
  @dataset_id     nvarchar(4000),
  @source_version int = 0,
  @allow_older    bit = 0
with execute as owner
as
begin
  set nocount on;
  set xact_abort on;
  declare @message nvarchar(2000);
  declare @granted int;
  declare @dataset_no int, @table nvarchar(60), @lost nvarchar(64) = N'', @last nvarchar(64), @status nvarchar(10), @loads int;
  exec qt.check_run @run_id;

  -- A run that was cancelled or killed ends its load itself as little as one that is stuck. After 12 hours no run is under way any more. After
  -- one hour, a load that a later one of its dataset has overtaken has nothing to publish; should it still copy, its table is in use, and
  -- the load is left alone. Each in a transaction of its own: nothing here may keep this run from beginning.
  while @lost is not null
  begin
    set @last = @lost;
    set @lost = null;
    select top (1) @lost = l.run_id from qt.[load] l join qt.dataset d on d.dataset_no = l.dataset_no
    where l.status = N'loading' and l.run_id > @last and l.run_id <> @run_id
      and (l.snapshot_time < dateadd(hour, -12, sysutcdatetime())
        or (l.snapshot_time < dateadd(hour, -1, sysutcdatetime()) and l.snapshot_time < d.published_snapshot_time))
    order by l.run_id;
    if @lost is null
      break;
    begin try
      begin transaction;
      set lock_timeout 0;
      update qt.[load] set status = N'abandoned', ended_at = sysutcdatetime(),
        error = N'abandoned: not published within 12 hours, or before a later load of the dataset'
      where run_id = @lost and status = N'loading';
      if @@rowcount = 1
        exec qt.drop_staging @lost;
      commit transaction;
    end try
    begin catch
      if xact_state() <> 0
        rollback transaction;
    end catch
    set lock_timeout -1;
  end

  begin try
    begin transaction;
    exec qt.renew_epochs_after_restore;

    -- `=` forgives trailing spaces; ids are compared with a sentinel.
    select @dataset_no = d.dataset_no from qt.dataset d
    where d.dataset_id = @dataset_id and d.dataset_id + N'.' = @dataset_id + N'.' collate Latin1_General_BIN2 and d.status = N'active';
    if @dataset_no is null
    begin
      if @dataset_id is null or @dataset_id = N'' or len(@dataset_id collate Latin1_General_BIN2) > 200
         or ltrim(rtrim(@dataset_id)) + N'.' <> @dataset_id + N'.' collate Latin1_General_BIN2
         or isnull((select s.value from qt.setting s where s.name = N'unknown_datasets'), N'ignore') <> N'land'
      begin
        set @message = N'Dataset ' + isnull(left(@dataset_id, 200), N'<NULL>')
          + N' is not configured. Add it to the tenant''s datasets and deploy, or set unknownDatasets to land.';
        exec qt.fail 54003, @message;
      end
      -- Five minutes, where the pipeline's activity ends after ten with an error that says nothing.
      exec @granted = sp_getapplock @Resource = N'qt:configure', @LockMode = N'Exclusive', @LockOwner = N'Transaction', @LockTimeout = 300000;
      if @granted < 0
        exec qt.fail 54031, N'A configuration of this database is running. Nothing was changed; run this again.';
      set @table = qt.physical_name(@dataset_id);
      select @dataset_no = d.dataset_no from qt.dataset d where d.dataset_id = @dataset_id and d.status = N'active';
      if @dataset_no is null
      begin
        update qt.dataset set status = N'active', retired_at = null where dataset_id = @dataset_id and table_name = @table and origin = N'landed';
        select @dataset_no = d.dataset_no from qt.dataset d where d.dataset_id = @dataset_id and d.status = N'active';
      end
      if @dataset_no is null
      begin
        exec qt.release_unused @table, @dataset_id;
        if @table is null or exists (select * from qt.dataset d where d.table_name = @table)
        begin
          set @message = N'Dataset ' + @dataset_id + N' cannot land in a table of its name: ' + isnull(@table, N'(none)')
            + N' is taken. Configure it with a table name.';
          exec qt.fail 54022, @message;
        end
        insert into qt.dataset (dataset_id, table_name, origin, key_columns, epoch)
        values (@dataset_id, @table, N'landed', N'[]', lower(convert(nvarchar(36), newid())));
        set @dataset_no = scope_identity();
        exec qt.create_landed_table @dataset_no;
      end
    end

    insert into qt.[load] (run_id, dataset_no, snapshot_time, status, source_version, allow_older)
    select @run_id, @dataset_no, sysutcdatetime(), N'loading', case when @source_version > 0 then @source_version end, isnull(@allow_older, 0)
    where not exists (select * from qt.[load] l with (updlock, holdlock) where l.run_id = @run_id);
    select @status = l.status, @loads = l.dataset_no from qt.[load] l where l.run_id = @run_id;
    if @loads <> @dataset_no
    begin
      set @message = N'Run ' + @run_id + N' already loads another dataset. Start a new run.';
      exec qt.fail 54004, @message;
    end
    if @status in (N'failed', N'abandoned')
    begin
      set @message = N'Run ' + @run_id + N' already ended as ' + @status + N'. Start the pipeline again from the beginning.';
      exec qt.fail 54002, @message;
    end
    commit transaction;
  end try
  begin catch
    if xact_state() <> 0
      rollback transaction;
    throw;
  end catch
end
