-- Takes over the tenant's datasets. All or nothing. Every lock is taken first, in the order of the datasets' numbers: a change of a table
-- holds the catalogue until the end, and a publish that needs it there would otherwise wait for a configuration that waits for it.
alter procedure qt.configure
  @datasets         nvarchar(max),
  @unknown_datasets nvarchar(10)
with execute as owner
as
begin
  set nocount on;
  set xact_abort on;
  declare @message nvarchar(2000);
  declare @granted int;
  declare @id nvarchar(400), @other nvarchar(400), @table nvarchar(60), @shrink decimal(5, 2), @column_change decimal(5, 2), @empty bit, @keys nvarchar(max);
  declare @header nvarchar(4000), @name nvarchar(60), @type nvarchar(20), @on_error nvarchar(40);
  declare @dataset_no int, @old_keys nvarchar(max), @differs int;
  declare @shape nvarchar(400) = N' Expected [{id, table, keyColumns: [], types: {header: {type, onError, format, thousands, decimal, percent}}, columns: {header: name}, exclude: [], guards: {maxShrinkPercent, maxColumnChangePercent, allowEmpty}}].';

  create table #wanted (
    id nvarchar(400) collate Latin1_General_BIN2 null, table_name nvarchar(60) collate Latin1_General_BIN2 null,
    max_shrink decimal(5, 2) null, max_column_change decimal(5, 2) null, allow_empty bit null, key_columns nvarchar(max) collate Latin1_General_BIN2 null);
  create table #declared (
    id nvarchar(400) collate Latin1_General_BIN2 null, kind nvarchar(4) collate Latin1_General_BIN2 not null, ordinal int null, header nvarchar(4000) collate Latin1_General_BIN2 null,
    name nvarchar(60) collate Latin1_General_BIN2 null, type nvarchar(100) collate Latin1_General_BIN2 null, on_error nvarchar(40) collate Latin1_General_BIN2 null,
    declared nvarchar(max) collate Latin1_General_BIN2 null, format nvarchar(40) collate Latin1_General_BIN2 null);

  create table #header (
    id nvarchar(400) collate Latin1_General_BIN2 null, header nvarchar(400) collate Latin1_General_BIN2 null, excluded bit not null,
    name nvarchar(100) collate Latin1_General_BIN2 null);

  begin try
    begin transaction;
    exec @granted = sp_getapplock @Resource = N'qt:configure', @LockMode = N'Exclusive', @LockOwner = N'Transaction', @LockTimeout = 600000;
    if @granted < 0
      exec qt.fail 54031, N'Another configuration of this database is running. Nothing was changed; run this one again.';
    exec qt.renew_epochs_after_restore;

    if @unknown_datasets is null or @unknown_datasets collate Latin1_General_BIN2 not in (N'ignore', N'land')
    begin
      set @message = N'unknown_datasets is "' + isnull(@unknown_datasets, N'<NULL>') + N'"; use "ignore" or "land".';
      exec qt.fail 54020, @message;
    end
    if @datasets is null or isjson(@datasets) = 0
       or left(ltrim(replace(replace(replace(@datasets, nchar(9), N' '), nchar(10), N' '), nchar(13), N' ')), 1) <> N'['
    begin
      set @message = N'The dataset configuration is not a JSON array.' + @shape;
      exec qt.fail 54020, @message;
    end

    -- Cut to a length that is refused below, before the server refuses what does not fit in words of its own.
    insert into #wanted (id, table_name, max_shrink, max_column_change, allow_empty)
    select left(d.id, 400), qt.physical_name(left(d.table_name, 4000)), try_convert(decimal(5, 2), isnull(left(d.shrink, 100), N'50')),
      try_convert(decimal(5, 2), isnull(left(d.column_change, 100), N'50')),
      case when d.empty = N'true' collate Latin1_General_BIN2 then 1 else 0 end
    from openjson(@datasets) with (
      id nvarchar(max) '$.id', table_name nvarchar(max) '$.table',
      shrink nvarchar(max) '$.guards.maxShrinkPercent', column_change nvarchar(max) '$.guards.maxColumnChangePercent',
      empty nvarchar(max) '$.guards.allowEmpty') d;
    insert into #header (id, header, excluded, name)
    select left(json_value(d.value, '$.id'), 400), left(h.[key], 400), 0, left(h.value, 100)
    from openjson(@datasets) d cross apply openjson(d.value, '$.columns') h;
    insert into #header (id, header, excluded)
    select left(json_value(d.value, '$.id'), 400), left(h.value, 400), 1
    from openjson(@datasets) d cross apply openjson(d.value, '$.exclude') h;
    insert into #declared (id, kind, ordinal, header)
    select left(json_value(d.value, '$.id'), 400), N'key', cast(k.[key] as int), left(k.value, 4000)
    from openjson(@datasets) d cross apply openjson(d.value, '$.keyColumns') k;
    insert into #declared (id, kind, header, type, on_error, declared)
    select left(json_value(d.value, '$.id'), 400), N'type', t.[key],
      left(replace(lower(isnull(json_value(t.value, '$.type'), N'text') collate Latin1_General_BIN2), N' ', N''), 100),
      left(isnull(json_value(t.value, '$.onError'), N'fail'), 40), t.value
    from openjson(@datasets) d cross apply openjson(d.value, '$.types') t;
    update c set name = isnull(
      (select max(left(h.name, 60)) from #header h where h.id = c.id and h.excluded = 0 and h.header + N'.' = left(c.header, 400) + N'.'), qt.physical_name(c.header))
    from #declared c;

    set @table = N'';
    select top (1) @id = w.id, @table = null from #wanted w
    where w.id is null or w.id = N'' or len(w.id + N'.') > 201 or ltrim(rtrim(w.id)) + N'.' <> w.id + N'.' or w.table_name is null
      or w.max_shrink is null or w.max_shrink < 0 or w.max_shrink > 100
      or w.max_column_change is null or w.max_column_change < 0 or w.max_column_change > 100;
    if @table is null
    begin
      set @message = N'The configuration of dataset "' + isnull(left(@id, 200), N'?') + N'" is incomplete or out of range.' + @shape;
      exec qt.fail 54020, @message;
    end
    set @id = null;
    select top (1) @id = w.id from #wanted w group by w.id having count(*) > 1;
    if @id is not null
    begin
      set @message = N'Dataset ' + @id + N' is configured twice.';
      exec qt.fail 54020, @message;
    end
    set @table = null;
    select top (1) @table = w.table_name from #wanted w group by w.table_name having count(*) > 1;
    if @table is not null
    begin
      set @message = N'Two datasets land in table ' + @table + N'. Give one of them another table name.';
      exec qt.fail 54022, @message;
    end
    set @id = null;
    select top (1) @id = h.id, @header = h.header, @other = h.name from #header h
    where h.header is null or len(h.header + N'.') not between 2 and 201
      or (h.excluded = 0 and (h.name is null or len(h.name + N'.') > 61 or h.name not like N'[a-z]%' collate Latin1_General_BIN2
        or h.name like N'%[^a-z0-9_]%' collate Latin1_General_BIN2 or charindex(N'__', h.name) > 0 or h.name = N'qt_row_id'));
    if @id is not null
    begin
      set @message = N'Dataset ' + @id + N' gives ' + isnull(qt.visible_text(left(@header, 100)), N'""') + N' the column name "' + isnull(@other, N'')
        + N'". A name has lower-case letters, digits and single underscores, a letter first, at most 60, and is not qt_row_id; a header has at most 200 characters.';
      exec qt.fail 54025, @message;
    end
    select top (1) @id = h.id, @header = min(h.header), @other = max(h.header) from #header h
    where h.excluded = 0 group by h.id, h.name having count(*) > 1;
    if @id is null
      select top (1) @id = h.id, @header = min(h.header), @other = max(h.header) from #header h group by h.id, h.header having count(*) > 1;
    if @id is not null
    begin
      set @message = N'Dataset ' + @id + N' names or excludes ' + qt.visible_text(left(@header, 100)) + N' and ' + qt.visible_text(left(@other, 100))
        + N', which are the same header or get the same column. Keep one.';
      exec qt.fail 54025, @message;
    end
    select top (1) @id = c.id, @header = c.header from #declared c
    where exists (select * from #header h where h.id = c.id and h.excluded = 1 and h.header + N'.' = left(c.header, 400) + N'.');
    if @id is not null
    begin
      set @message = N'Dataset ' + @id + N' excludes ' + qt.visible_text(left(@header, 100)) + N' and declares it as a key column or with a type. Keep one.';
      exec qt.fail 54025, @message;
    end
    select top (1) @id = c.id, @header = c.header from #declared c where c.name is null;
    if @id is not null
    begin
      set @message = N'Dataset ' + @id + N' declares column ' + qt.visible_text(left(@header, 100))
        + N', of which no column name can be made. Give it a name in columns, or a letter or digit in Quantemplate.';
      exec qt.fail 54025, @message;
    end
    select top (1) @id = c.id, @header = min(c.header), @other = max(left(c.header, 400)) from #declared c group by c.id, c.kind, c.name having count(*) > 1;
    if @id is not null
    begin
      set @message = N'Dataset ' + @id + N' declares ' + qt.visible_text(left(@header, 100)) + N' and ' + qt.visible_text(left(@other, 100)) + N', which are the same column. Keep one.';
      exec qt.fail 54025, @message;
    end
    select top (1) @id = c.id, @header = left(c.type, 100) from #declared c
    where c.kind = N'type' and (len(c.type) > 20 or qt.physical_type(left(c.type, 20)) is null);
    if @id is not null
    begin
      set @message = @header + N' is not a type. Use text, int, bigint, decimal(p,s) with p up to 38, float, bit, date or datetime2.';
      exec qt.fail 54023, @message;
    end
    select top (1) @id = c.id, @header = c.header, @on_error = c.on_error from #declared c
    where c.kind = N'type' and c.on_error collate Latin1_General_BIN2 not in (N'fail', N'null');
    if @id is not null
    begin
      set @message = N'Column ' + qt.visible_text(left(@header, 100)) + N' of dataset ' + @id + N' has onError "' + @on_error + N'"; use "fail" or "null".';
      exec qt.fail 54020, @message;
    end
    -- What makes no sense is ''.
    update c set format = case
      when f.format is null then qt.number_format(c.type, left(f.thousands, 10), left(f.[decimal], 10), case when f.[percent] = N'true' then 1 else 0 end)
      when f.thousands is null and f.[decimal] is null and isnull(f.[percent], N'false') <> N'true' and qt.format_tokens(c.type, left(f.format, 100)) is not null then left(f.format, 40)
      else N'' end
    from #declared c cross apply openjson(c.declared) with (
      format nvarchar(max) '$.format', thousands nvarchar(max) '$.thousands', [decimal] nvarchar(max) '$.decimal', [percent] nvarchar(max) '$.percent') f
    where c.kind = N'type';
    select top (1) @id = c.id, @header = c.header, @other = c.type from #declared c where c.format = N'';
    if @id is not null
    begin
      set @message = N'Column ' + qt.visible_text(left(@header, 100)) + N' of dataset ' + @id + N' has a format that ' + @other + N' cannot have.'
        + N' A date has yyyy, MM (M, MMM) and dd (d) once each, a datetime2 also HH (H) and mm, ss, and fff at the end; numbers have thousands and decimal, two different signs;'
        + N' float, and decimal(p,s) with p up to 35 and s from 2, percent.';
      exec qt.fail 54027, @message;
    end
    -- All columns of a table are one expression, of 65,535 names. A text column has six, and each of these so many more.
    select top (1) @id = c.id, @differs = count(c.format) from #declared c where c.kind = N'type' group by c.id
    having sum(case when c.format is null then 31 when c.format not like N'1%' then 42
        * case when c.format collate Latin1_General_BIN2 like N'%[^M]M[^M]%' or c.format collate Latin1_General_BIN2 like N'M[^M]%' or c.format collate Latin1_General_BIN2 like N'%[^M]M' then 2 else 1 end
        * case when c.format collate Latin1_General_BIN2 like N'%[^d]d[^d]%' or c.format collate Latin1_General_BIN2 like N'd[^d]%' or c.format collate Latin1_General_BIN2 like N'%[^d]d' then 2 else 1 end
        * case when c.format collate Latin1_General_BIN2 like N'%[^H]H[^H]%' or c.format collate Latin1_General_BIN2 like N'H[^H]%' or c.format collate Latin1_General_BIN2 like N'%[^H]H' then 2 else 1 end
      when c.type in (N'int', N'bigint') then 60 when c.format like N'%[%]' then 150 else 90 end) > 59000;
    if @id is not null
    begin
      set @message = N'Dataset ' + @id + N' has ' + cast(@differs as nvarchar(10)) + N' columns with a format, too many for one statement.'
        + N' Write dd, MM and HH where the texts have two digits, or exclude columns.';
      exec qt.fail 54028, @message;
    end
    update w set key_columns = N'[' + isnull((
      select string_agg(cast(N'"' + k.name + N'"' as nvarchar(max)), N',') within group (order by k.ordinal)
      from #declared k where k.id = w.id and k.kind = N'key'), N'') + N']'
    from #wanted w;

    declare lock_cursor cursor local static for
      select d.dataset_no from qt.dataset d where exists (select * from #wanted w where w.table_name = d.table_name) order by d.dataset_no;
    open lock_cursor;
    fetch next from lock_cursor into @dataset_no;
    while @@fetch_status = 0
    begin
      exec qt.lock_dataset @dataset_no;
      fetch next from lock_cursor into @dataset_no;
    end
    close lock_cursor;
    deallocate lock_cursor;

    update qt.setting set value = @unknown_datasets where name = N'unknown_datasets';
    if @@rowcount = 0
      insert into qt.setting (name, value) values (N'unknown_datasets', @unknown_datasets);

    -- First retire, so that an id can move to a new table in the same call.
    update d set status = N'retired', retired_at = sysutcdatetime()
    from qt.dataset d
    where d.status = N'active'
      and not exists (select * from #wanted w where w.id = d.dataset_id and w.table_name = d.table_name)
      and (d.origin = N'configured' or @unknown_datasets = N'ignore' or exists (select * from #wanted w where w.id = d.dataset_id));

    declare wanted_cursor cursor local static for
      select w.id, w.table_name, w.max_shrink, w.max_column_change, w.allow_empty, w.key_columns from #wanted w order by w.id;
    open wanted_cursor;
    fetch next from wanted_cursor into @id, @table, @shrink, @column_change, @empty, @keys;
    while @@fetch_status = 0
    begin
      exec qt.release_unused @table, @id;
      set @dataset_no = null;
      select @dataset_no = d.dataset_no, @other = d.dataset_id, @old_keys = d.key_columns from qt.dataset d where d.table_name = @table;
      if @dataset_no is null
      begin
        insert into qt.dataset (dataset_id, table_name, origin, key_columns, max_shrink_percent, max_column_change_percent, allow_empty, epoch)
        values (@id, @table, N'configured', @keys, @shrink, @column_change, @empty, lower(convert(nvarchar(36), newid())));
        set @dataset_no = scope_identity();
        exec qt.create_landed_table @dataset_no;
      end
      else
      begin
        -- `=` forgives trailing spaces; ids are compared with a sentinel.
        if @other + N'.' <> @id + N'.' collate Latin1_General_BIN2
        begin
          set @message = N'Table ' + @table + N' belongs to dataset ' + @other + N', not ' + @id + N'. Use a new table name.';
          exec qt.fail 54022, @message;
        end
        select @differs = count(*) from (
          select k.value from openjson(@keys) k union all select k.value from openjson(@old_keys) k) b
        where not (exists (select * from openjson(@keys) x where x.value = b.value) and exists (select * from openjson(@old_keys) y where y.value = b.value));
        if @differs > 0
        begin
          set @message = N'Dataset ' + @id + N' has the key ' + left(@old_keys, 300) + N' and cannot get the key ' + left(@keys, 300) + N' in table ' + @table
            + N': its rows would become other rows. Use a new table name.';
          exec qt.fail 54021, @message;
        end
        update qt.dataset set status = N'active', retired_at = null, origin = N'configured', key_columns = @keys, max_shrink_percent = @shrink,
          max_column_change_percent = @column_change, allow_empty = @empty
        where dataset_no = @dataset_no;
      end

      delete from qt.dataset_header where dataset_no = @dataset_no;
      insert into qt.dataset_header (dataset_no, header, name) select @dataset_no, h.header, h.name from #header h where h.id = @id;
      delete from qt.dataset_type where dataset_no = @dataset_no;
      insert into qt.dataset_type (dataset_no, name, type, on_error, format)
      select @dataset_no, t.name, t.type, t.on_error, t.format from #declared t where t.id = @id and t.kind = N'type';

      declare type_cursor cursor local static for
        select c.name, isnull(t.type, N'text'), isnull(t.on_error, N'fail')
        from qt.dataset_column c left join qt.dataset_type t on t.dataset_no = c.dataset_no and t.name = c.name
        where c.dataset_no = @dataset_no and c.type <> isnull(t.type, N'text') order by c.ordinal;
      open type_cursor;
      fetch next from type_cursor into @name, @type, @on_error;
      while @@fetch_status = 0
      begin
        exec qt.change_type @dataset_no, @name, @type, @on_error;
        fetch next from type_cursor into @name, @type, @on_error;
      end
      close type_cursor;
      deallocate type_cursor;
      -- A column whose change is left to qt.change_types keeps what it has until then.
      update c set on_error = isnull(t.on_error, N'fail'), format = t.format
      from qt.dataset_column c left join qt.dataset_type t on t.dataset_no = c.dataset_no and t.name = c.name
      where c.dataset_no = @dataset_no and c.type = isnull(t.type, N'text');
      fetch next from wanted_cursor into @id, @table, @shrink, @column_change, @empty, @keys;
    end
    close wanted_cursor;
    deallocate wanted_cursor;
    commit transaction;
  end try
  begin catch
    if xact_state() <> 0
      rollback transaction;
    throw;
  end catch
end
