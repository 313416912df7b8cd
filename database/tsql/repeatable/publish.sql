-- Makes a run's snapshot the dataset's content, in one transaction. Only the difference is written, because the log rate is the
-- ceiling: one full join of the hashed snapshot with the landed hashes fills #delta, three statements apply it.
-- New columns are added before, in a transaction of their own: within the publish they would block every reader until its end.
-- Where columns have types, the values are made once, into #typed, and everything that follows reads those: a statement that made them
-- again for each use would pass the server's limit of 65,535 identifiers and constants (error 8632) in a wide table.
alter procedure qt.publish
  @run_id       nvarchar(64),
  @allow_shrink bit = 0
with execute as owner
as
begin
  set nocount on;
  set xact_abort on;
  declare @message nvarchar(2000), @sql nvarchar(max);
  declare @dataset_no int, @dataset_id nvarchar(200), @table nvarchar(60), @landed nvarchar(200), @keys nvarchar(max);
  declare @status nvarchar(10), @dataset_status nvarchar(10), @snapshot_time datetime2(6), @published_time datetime2(6);
  declare @shrink decimal(5, 2), @column_change decimal(5, 2), @allow_empty bit, @version bigint, @live bigint, @kept bigint;
  declare @rows bigint = 0, @inserted bigint = 0, @updated bigint = 0, @deleted bigint = 0, @nulls bigint = 0, @filled bigint = 0, @valued bigint = 0, @twice bigint = 0;
  declare @staging nvarchar(70), @staged bit = 0, @columns_added bit = 0, @first bit = 0, @inserting bit = 0, @keyless bit;
  declare @values nvarchar(max), @row_text nvarchar(max), @key_text nvarchar(max), @null_sql nvarchar(max);
  declare @filled_sql nvarchar(max), @valued_sql nvarchar(max), @snapshot nvarchar(max), @staged_rows nvarchar(max);
  declare @columns nvarchar(max), @row_columns nvarchar(max), @assignments nvarchar(max), @source nvarchar(max), @missing nvarchar(max), @found nvarchar(max), @emptied nvarchar(max), @emptied_counts nvarchar(max);
  declare @erased nvarchar(max) = N'1 = 0', @only_erased bit = 0;
  declare @source_version int, @allow_older bit, @last_load nvarchar(64), @last_source int;

  exec qt.check_run @run_id;
  set @staging = qt.staging_name(@run_id);
  -- Names with two underscores and the reserved ones are not to be had for a header.
  create table #column (
    place int not null, header nvarchar(128) collate Latin1_General_BIN2 not null, name nvarchar(60) collate Latin1_General_BIN2 not null,
    type nvarchar(20) collate Latin1_General_BIN2 not null, on_error nvarchar(4) collate Latin1_General_BIN2 not null, is_key bit not null,
    format nvarchar(40) collate Latin1_General_BIN2 null,
    staged nvarchar(260) collate Latin1_General_BIN2 null, value_sql nvarchar(max) collate Latin1_General_BIN2 null);
  create table #pair (
    name nvarchar(60) collate Latin1_General_BIN2 not null, type nvarchar(20) collate Latin1_General_BIN2 not null,
    expression nvarchar(140) collate Latin1_General_BIN2 not null, is_key bit not null);
  create table #typed (__none bit null);
  create table #delta (
    __change nchar(1) collate Latin1_General_BIN2 not null, _k8 bigint not null, _key_hash binary(32) not null, _row_hash binary(32) null);

  begin try
    while 1 = 1
    begin
      begin transaction;
      select @dataset_no = l.dataset_no from qt.[load] l where l.run_id = @run_id;
      if @dataset_no is null
      begin
        set @message = N'Run ' + @run_id + N' is not known. Start the pipeline again from the beginning.';
        exec qt.fail 54001, @message;
      end
      exec qt.lock_dataset @dataset_no;
      select @status = l.status, @snapshot_time = l.snapshot_time, @version = l.version, @rows = l.rows_staged,
        @inserted = l.inserted, @updated = l.updated, @deleted = l.deleted, @source_version = l.source_version, @allow_older = l.allow_older,
        @emptied_counts = l.emptied
      from qt.[load] l where l.run_id = @run_id;
      if @status in (N'published', N'superseded')
      begin
        commit transaction;
        select @status as status, @version as version, @rows as rows_staged, @inserted as inserted, @updated as updated, @deleted as deleted, @emptied_counts as emptied;
        return;
      end
      if @status <> N'loading'
      begin
        set @message = N'Run ' + @run_id + N' already ended as ' + @status + N'. Start the pipeline again from the beginning.';
        exec qt.fail 54002, @message;
      end
      select @dataset_id = d.dataset_id, @table = d.table_name, @dataset_status = d.status, @keys = d.key_columns,
        @shrink = d.max_shrink_percent, @column_change = d.max_column_change_percent, @allow_empty = d.allow_empty, @version = d.published_version + 1,
        @published_time = d.published_snapshot_time, @live = d.live_rows
      from qt.dataset d where d.dataset_no = @dataset_no;
      if @dataset_status <> N'active'
      begin
        set @message = N'Dataset ' + @dataset_id + N' is not configured. Add it to the tenant''s datasets and deploy, or set unknownDatasets to land.';
        exec qt.fail 54003, @message;
      end
      if @snapshot_time < @published_time
      begin
        exec qt.drop_staging @run_id;
        update qt.[load] set status = N'superseded', ended_at = sysutcdatetime(), version = @version - 1 where run_id = @run_id;
        commit transaction;
        select N'superseded' as status, @version - 1 as version, cast(0 as bigint) as rows_staged, cast(0 as bigint) as inserted,
          cast(0 as bigint) as updated, cast(0 as bigint) as deleted, cast(null as nvarchar(max)) as emptied;
        return;
      end

      if @source_version is not null and @allow_older = 0 and @version > 1
      begin
        select top (1) @last_load = l.run_id, @last_source = l.source_version from qt.[load] l
        where l.dataset_no = @dataset_no and l.status = N'published' order by l.version desc;
        if @last_load is not null and (@last_source is null or @last_source > @source_version)
        begin
          set @message = N'Version ' + cast(@source_version as nvarchar(10)) + N' of dataset ' + @dataset_id + N' may be older than what is published, '
            + isnull(N'version ' + cast(@last_source as nvarchar(10)), N'the latest at its time') + N'. If you want it, load it with --allow-older.';
          exec qt.fail 54008, @message;
        end
      end

      set @landed = N'data.' + quotename(@table);
      set @first = case when @version = 1 then 1 else 0 end;
      if object_id(N'staging.' + quotename(@staging), N'U') is not null
        set @staged = 1;
      delete from #column;
      if @staged = 1
      begin
        exec qt.snapshot_columns @dataset_no, @staging;
        set @missing = null;
        select @missing = string_agg(cast(isnull(qt.visible_text(d.header), k.value) collate Latin1_General_BIN2 as nvarchar(max)), N', ')
        from openjson(@keys) k left join qt.dataset_column d on d.dataset_no = @dataset_no and d.name = k.value collate Latin1_General_BIN2
        where not exists (select * from #column c where c.name = k.value collate Latin1_General_BIN2);
        if @missing is not null
        begin
          select @found = string_agg(qt.visible_text(c.header), N', ') within group (order by c.place) from #column c;
          set @message = N'The snapshot of dataset ' + @dataset_id + N' lacks the key column ' + left(@missing, 500) + N'; it has ' + left(@found, 700)
            + case when @found like N'%[;|]%' or charindex(N'[U+0009]', @found) > 0 then N' (are its columns separated by commas?)' else N'' end + N'. Restore it in Quantemplate, or configure another key with a new table name.';
          exec qt.fail 54014, @message;
        end
        if isnull(@allow_shrink, 0) = 0
          exec qt.guard_columns @dataset_no, @column_change;
        if @columns_added = 0
          exec qt.guard_row_size @dataset_no, @staging;
      end

      if @columns_added = 1 or not exists (select * from #column c
          where not exists (select * from qt.dataset_column k where k.dataset_no = @dataset_no and k.name = c.name))
        break;
      exec qt.add_columns @landed, @dataset_no;
      commit transaction;
      set @columns_added = 1;
    end

    -- Here the transaction of the publish is open and holds the dataset's lock.
    set @rows = 0; set @inserted = 0; set @updated = 0; set @deleted = 0; set @emptied_counts = null;
    if @staged = 1
    begin
      set @snapshot = N'staging.' + quotename(@staging) + N' s';
      exec qt.erased_sql @dataset_no, @erased output;
      if @erased <> N'1 = 0'
        set @snapshot = N'(select s.* from ' + @snapshot + N' where not ' + @erased + N') s';
      select
        @values = string_agg(cast(c.value_sql + N' as ' + quotename(c.name) collate Latin1_General_BIN2 as nvarchar(max)), N', ')
          within group (order by c.place),
        @columns = string_agg(cast(N', ' + quotename(c.name) as nvarchar(max)), N'') within group (order by c.place),
        @row_columns = string_agg(cast(N', r.' + quotename(c.name) as nvarchar(max)), N'') within group (order by c.place),
        @null_sql = string_agg(case when c.is_key = 1 then cast(N'v.' + quotename(c.name) + N' is null' as nvarchar(max)) end, N' or ')
          within group (order by c.place)
      from #column c;
      insert into #pair (name, type, expression, is_key) select c.name, c.type, N'v.' + quotename(c.name), c.is_key from #column c;
      set @keyless = case when @keys = N'[]' then 1 else 0 end;
      exec qt.row_text_sql @keyless, @row_text output, @key_text output;

      -- A cell does not convert where its text is filled and its value is NULL. The two are counted apart, row by row and in brackets by
      -- forty: a count a column would make a row of counts that passes 8,060 bytes.
      select
        @filled_sql = string_agg(g.filled, N' + ') within group (order by g.no),
        @valued_sql = string_agg(g.valued, N' + ') within group (order by g.no)
      from (
        select p.no, N'(' + string_agg(cast(p.filled as nvarchar(max)), N' + ') within group (order by p.place) + N')' as filled,
          N'(' + string_agg(cast(p.valued as nvarchar(max)), N' + ') within group (order by p.place) + N')' as valued
        from (
          select c.place, (row_number() over (order by c.place) - 1) / 40 as no,
            N'case when ltrim(rtrim(' + c.staged + N')) collate Latin1_General_BIN2 <> N'''' then 1 else 0 end' as filled,
            N'case when v.' + quotename(c.name) + N' is null then 0 else 1 end' as valued
          from #column c where c.type <> N'text' and c.on_error = N'fail') p
        group by p.no) g;
      set @null_sql = N'@nulls = isnull(sum(cast(case when ' + isnull(@null_sql, N'1 = 0') + N' then 1 else 0 end as bigint)), 0) from ';
      set @staged_rows = @snapshot;
      if exists (select * from #column c where c.type <> N'text')
      begin
        set @sql = N'select @rows = count_big(*), @filled = isnull(sum(cast(' + isnull(@filled_sql, N'0') + N' as bigint)), 0) from ' + @snapshot;
        exec sp_executesql @sql, N'@rows bigint output, @filled bigint output', @rows = @rows output, @filled = @filled output;
        exec qt.add_columns N'#typed';
        set @sql = N'insert into #typed with (tablock) (' + stuff(@columns, 1, 2, N'') + N') select ' + @values + N' from ' + @snapshot;
        exec(@sql);
        set @snapshot = N'#typed v';
        set @sql = N'select @valued = isnull(sum(cast(' + isnull(@valued_sql, N'0') + N' as bigint)), 0), ' + @null_sql + @snapshot;
        exec sp_executesql @sql, N'@valued bigint output, @nulls bigint output', @valued = @valued output, @nulls = @nulls output;
      end
      else
      begin
        set @snapshot = @snapshot + N' cross apply (select ' + @values + N') v';
        set @sql = N'select @rows = count_big(*), ' + @null_sql + @snapshot;
        exec sp_executesql @sql, N'@rows bigint output, @nulls bigint output', @rows = @rows output, @nulls = @nulls output;
      end
      if @filled > @valued
        exec qt.name_bad_values @run_id;
      if @nulls > 0
        exec qt.name_missing_keys @run_id, @nulls, @rows;
      if exists (select * from #column c where c.type <> N'text' and c.on_error = N'null')
        exec qt.count_emptied @staged_rows, @emptied_counts output;
      if @rows = 0 and @erased <> N'1 = 0'
      begin
        set @sql = N'if exists (select * from staging.' + quotename(@staging) + N') set @only_erased = 1';
        exec sp_executesql @sql, N'@only_erased bit output', @only_erased = @only_erased output;
      end
    end

    if @rows = 0 and @only_erased = 0 and @allow_empty = 0 and isnull(@allow_shrink, 0) = 0
    begin
      set @message = N'The snapshot of dataset ' + @dataset_id + N' is empty. If that is right, load it once with --allow-shrink, or set guards.allowEmpty.';
      exec qt.fail 54010, @message;
    end

    if @rows > 0
    begin
      set @row_text = N'hashbytes(''SHA2_256'', ' + @row_text + N')';
      if @keyless = 1
        -- Keyless: the first of equal rows is identified by its hash, the n-th by the hash of (hash, n), spelled out in numbers
        -- because not every engine can join binaries.
        set @source = N'select cast(substring(k._key_hash, 1, 8) as bigint) as _k8, k._key_hash, n._row_hash' + replace(@row_columns, N', r.', N', n.')
          + N' from (select h._row_hash, row_number() over (partition by h._row_hash order by (select null)) as __n' + replace(@row_columns, N', r.', N', v.')
          + N' from ' + @snapshot + N' cross apply (select cast(' + @row_text
          + N' as binary(32)) as _row_hash) h) n cross apply (select cast(case when n.__n = 1 then n._row_hash else hashbytes(''SHA2_256'','
          + N' cast(cast(substring(n._row_hash, 1, 8) as bigint) as nvarchar(20)) + N'','' + cast(cast(substring(n._row_hash, 9, 8) as bigint) as nvarchar(20))'
          + N' + N'','' + cast(cast(substring(n._row_hash, 17, 8) as bigint) as nvarchar(20)) + N'','''
          + N' + cast(cast(substring(n._row_hash, 25, 8) as bigint) as nvarchar(20)) + N'','' + cast(n.__n as nvarchar(20))) end as binary(32)) as _key_hash) k';
      else
        set @source = N'select cast(substring(h._key_hash, 1, 8) as bigint) as _k8, h._key_hash, h._row_hash' + replace(@row_columns, N', r.', N', v.')
          + N' from ' + @snapshot + N' cross apply (select cast(' + @row_text
          + N' as binary(32)) as _row_hash, cast(hashbytes(''SHA2_256'', ' + @key_text + N') as binary(32)) as _key_hash) h';
    end

    if @first = 1
    begin
      if @rows > 0
      begin
        set @inserting = 1;
        set @sql = N'insert into ' + @landed + N' (_k8, _key_hash, _row_hash, _version, _deleted' + @columns + N')'
          + N' select r._k8, r._key_hash, r._row_hash, @version, 0' + @row_columns + N' from (' + @source + N') r; set @inserted = @@rowcount;';
        exec sp_executesql @sql, N'@version bigint, @inserted bigint output', @version = @version, @inserted = @inserted output;
        set @inserting = 0;
      end
    end
    else
    begin
      if @rows = 0
        set @sql = N'insert into #delta (__change, _k8, _key_hash) select N''D'', l._k8, l._key_hash from ' + @landed + N' l where l._deleted = 0';
      else
      begin
        exec qt.add_columns N'#delta';
        set @sql = N'insert into #delta (__change, _k8, _key_hash, _row_hash' + @columns + N')'
          + N' select case when r._k8 is null then N''D'' when l._k8 is null then N''I'' when l._deleted = 1 then N''R'' else N''U'' end,'
          + N' isnull(r._k8, l._k8), isnull(r._key_hash, l._key_hash), r._row_hash' + @row_columns
          + N' from (' + @source + N') r full join ' + @landed + N' l on l._k8 = r._k8 and l._key_hash = r._key_hash'
          + N' where (r._k8 is null and l._deleted = 0) or (r._k8 is not null and (l._k8 is null or l._deleted = 1 or l._row_hash <> r._row_hash))';
      end
      exec(@sql);
      select @inserted = isnull(sum(case when d.__change in (N'I', N'R') then cast(1 as bigint) else 0 end), 0),
        @updated = isnull(sum(case when d.__change = N'U' then cast(1 as bigint) else 0 end), 0),
        @deleted = isnull(sum(case when d.__change = N'D' then cast(1 as bigint) else 0 end), 0) from #delta d;
      select @twice = count_big(*) from (select d._k8 from #delta d group by d._k8, d._key_hash having count(*) > 1) t;

      -- Rows that met a live row, seen from both sides: equal unless a key came twice.
      if @twice > 0 or @rows - @inserted <> @live - @deleted
      begin
        exec qt.name_duplicate_keys @run_id;
        set @message = N'The catalogue of dataset ' + @dataset_id + N' does not match table data.' + @table
          + N': rows were changed by hand. Restore the table, or use a new table name.';
        exec qt.fail 54033, @message;
      end
      set @kept = case when @keys <> N'[]' then @live - @deleted when @rows < @live then @rows else @live end;
      if @live > 0 and isnull(@allow_shrink, 0) = 0 and not (@rows = 0 and @allow_empty = 1) and (@live - @kept) * 100 > @shrink * @live
      begin
        set @message = N'The snapshot of dataset ' + @dataset_id + N' lost ' + cast(@live - @kept as nvarchar(20)) + N' of ' + cast(@live as nvarchar(20))
          + N' rows, more than its guard of ' + cast(@shrink as nvarchar(10)) + N' percent. If that is right, load it once with --allow-shrink.';
        exec qt.fail 54011, @message;
      end

      if @rows > 0
      begin
        -- A column that vanished from the snapshot is NULL from now on.
        select @assignments = string_agg(cast(N', ' + quotename(k.name) + case when c.name is null then N' = null' else N' = d.' + quotename(k.name) end
          as nvarchar(max)), N'') within group (order by k.name)
        from (select x.name from qt.dataset_column x where x.dataset_no = @dataset_no union select y.name from #column y) k
        left join #column c on c.name = k.name;
        set @sql = N'update l set _row_hash = d._row_hash, _version = @version, _deleted = 0' + @assignments
          + N' from ' + @landed + N' l join #delta d on d._k8 = l._k8 and d._key_hash = l._key_hash where d.__change in (N''U'', N''R'')';
        exec sp_executesql @sql, N'@version bigint', @version = @version;
        set @sql = N'insert into ' + @landed + N' (_k8, _key_hash, _row_hash, _version, _deleted' + @columns + N')'
          + N' select r._k8, r._key_hash, r._row_hash, @version, 0' + @row_columns + N' from #delta r where r.__change = N''I''';
        exec sp_executesql @sql, N'@version bigint', @version = @version;
      end
      -- A deleted row keeps its key, for the feed; its other cells may be somebody's personal data.
      select @emptied = string_agg(cast(N', ' + quotename(k.name) + N' = null' as nvarchar(max)), N'') within group (order by k.ordinal)
      from qt.dataset_column k
      where k.dataset_no = @dataset_no and not exists (select * from openjson(@keys) j where j.value = k.name collate Latin1_General_BIN2);
      set @sql = N'update l set _version = @version, _deleted = 1' + isnull(@emptied, N'') + N' from ' + @landed
        + N' l join #delta d on d._k8 = l._k8 and d._key_hash = l._key_hash where d.__change = N''D''';
      exec sp_executesql @sql, N'@version bigint', @version = @version;
    end

    update k set header = c.header, last_version = @version
    from qt.dataset_column k join #column c on c.name = k.name
    where k.dataset_no = @dataset_no;
    insert into qt.dataset_column (dataset_no, ordinal, header, name, type, on_error, format, last_version)
    select @dataset_no, isnull((select max(k.ordinal) from qt.dataset_column k where k.dataset_no = @dataset_no), 0)
      + row_number() over (order by c.place), c.header, c.name, c.type, c.on_error, c.format, @version
    from #column c
    where not exists (select * from qt.dataset_column k where k.dataset_no = @dataset_no and k.name = c.name);

    update qt.dataset set published_version = @version, published_snapshot_time = @snapshot_time, live_rows = live_rows + @inserted - @deleted
    where dataset_no = @dataset_no;
    update qt.[load] set status = N'published', ended_at = sysutcdatetime(), version = @version, rows_staged = @rows,
      inserted = @inserted, updated = @updated, deleted = @deleted, emptied = @emptied_counts, error = null
    where run_id = @run_id;
    exec qt.drop_staging @run_id;
    commit transaction;
    select N'published' as status, @version as version, @rows as rows_staged, @inserted as inserted, @updated as updated, @deleted as deleted, @emptied_counts as emptied;
  end try
  begin catch
    if xact_state() <> 0
      rollback transaction;
    -- The first publish meets a duplicate key as a violation of the unique index; the names are in the staging table. The rollback
    -- has emptied #column.
    if @inserting = 1 and error_number() in (2601, 2627)
    begin
      exec qt.snapshot_columns @dataset_no, @staging;
      exec qt.name_duplicate_keys @run_id;
    end;
    throw;
  end catch
end
