-- One step of the changes of type that qt.configure left to be made beside their tables, because they are large. Call it until it returns no
-- row; each call is a short transaction, so that a stopped runner continues where it was. An administrator calls it.
--
-- A copy of the table with the wanted types is filled in the order of the feed. What is loaded meanwhile gets a new version, so it comes
-- later in that order and replaces what was copied before. When nothing is left, the copy takes the table's place under the dataset's
-- lock. Rows whose text in the feed changes stand in the copy with a version that is higher than those of the loads meanwhile: readers get
-- them all at once, as those of one publish.
alter procedure qt.change_types
  @rows int = 50000
with execute as owner
as
begin
  set nocount on;
  set xact_abort on;
  declare @dataset_no int, @dataset_id nvarchar(200), @table nvarchar(60), @published bigint, @live bigint;
  declare @wanted nvarchar(max), @columns int, @running nvarchar(max), @version bigint, @change_no int, @copied_rows bigint = 0;
  declare @lock nvarchar(255), @granted int, @copied bigint, @state nvarchar(10), @error nvarchar(2000), @name nvarchar(60), @switching bit = 0;
  -- A version number may be left out, so there is room for that many loads while a copy is made; after more it begins again.
  declare @room bigint = 1000;
  if @rows is null or @rows < 1
    exec qt.fail 54032, N'qt.change_types needs at least one row a call.';
  create table #change (
    place int not null, header nvarchar(128) collate Latin1_General_BIN2 not null, name nvarchar(60) collate Latin1_General_BIN2 not null,
    old nvarchar(20) collate Latin1_General_BIN2 not null, type nvarchar(20) collate Latin1_General_BIN2 not null,
    on_error nvarchar(4) collate Latin1_General_BIN2 not null);
  begin try
    begin transaction;
    select @dataset_no = min(p.dataset_no) from (
      select c.dataset_no from qt.type_change c
      union all
      select c.dataset_no
      from qt.dataset_column c join qt.dataset d on d.dataset_no = c.dataset_no and d.status = N'active'
      left join qt.dataset_type t on t.dataset_no = c.dataset_no and t.name = c.name
      where c.type <> isnull(t.type, N'text')) p;
    if @dataset_no is null
    begin
      commit transaction;
      return;
    end
    -- Not qt.lock_dataset: a publish may take longer than a call of this should.
    set @lock = N'qt:dataset:' + cast(@dataset_no as nvarchar(20));
    exec @granted = sp_getapplock @Resource = @lock, @LockMode = N'Exclusive', @LockOwner = N'Transaction', @LockTimeout = 5000;
    select @dataset_id = d.dataset_id, @table = d.table_name, @published = d.published_version, @live = d.live_rows
    from qt.dataset d where d.dataset_no = @dataset_no;
    select @running = c.wanted, @version = c.version, @copied_rows = c.copied_rows from qt.type_change c where c.dataset_no = @dataset_no;
    -- Two hundred columns at most, to bound the statements.
    insert into #change (place, header, name, old, type, on_error)
    select top (200) c.ordinal, c.header, c.name, c.type, isnull(t.type, N'text'), isnull(t.on_error, N'fail')
    from qt.dataset_column c join qt.dataset d on d.dataset_no = c.dataset_no and d.status = N'active'
    left join qt.dataset_type t on t.dataset_no = c.dataset_no and t.name = c.name
    where c.dataset_no = @dataset_no and c.type <> isnull(t.type, N'text') order by c.ordinal;
    select @columns = count(*),
      @wanted = string_agg(cast(w.name + N' ' + w.old + N' ' + w.type + N' ' + w.on_error + isnull(N' ' + t.format, N'') as nvarchar(max)), N',') within group (order by w.name)
    from #change w left join qt.dataset_type t on t.dataset_no = @dataset_no and t.name = w.name;

    if @granted < 0
      set @state = N'waiting';
    else if @running is not null and (@wanted is null or @wanted <> @running or @published >= @version)
    begin
      exec qt.drop_copy @dataset_no;
      set @state = N'dropped';
    end
    else if @running is null and @wanted is not null
    begin
      insert into qt.type_change (dataset_no, wanted, begun_version, version) values (@dataset_no, @wanted, @published, @published + @room);
      set @change_no = scope_identity();
      set @name = N'change__' + cast(@change_no as nvarchar(20));
      exec qt.create_landed_table @dataset_no, @name;
      set @state = N'copying';
    end
    else if @running is not null
    begin
      exec qt.complete_copy @dataset_no;
      exec qt.copy_rows @dataset_no, @rows, @copied output, @error output;
      select @copied_rows = c.copied_rows from qt.type_change c where c.dataset_no = @dataset_no;
      set @state = N'copying';
      if @error is null and @copied < @rows
      begin
        if @copied_rows <> @live
          set @error = N'QT4033: The catalogue of dataset ' + @dataset_id + N' does not match table data.' + @table
            + N': rows were changed by hand. Restore the table, or use a new table name.';
        else
        begin
          set @switching = 1;
          exec qt.switch_table @dataset_no;
          set @state = N'changed';
        end
      end
      if @error is not null
      begin
        exec qt.drop_copy @dataset_no;
        set @state = N'refused';
      end
    end
    else
      -- Another runner has just made it; there may be more.
      set @state = N'dropped';
    commit transaction;
  end try
  begin catch
    if xact_state() <> 0
      rollback transaction;
    set lock_timeout -1;
    -- A reader holds the table for longer than others should have to wait behind the switch.
    if @switching = 0 or error_number() <> 1222
      throw;
    set @state = N'waiting';
  end catch
  if @state is not null
    select @dataset_id as dataset_id, @state as state, @columns as columns, @copied_rows as copied_rows, @live as live_rows, @error as error;
end
