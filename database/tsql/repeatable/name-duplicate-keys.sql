-- Raises the error that says in which lines the first duplicate keys are, or with @keep stores those keys for an auditor; returns if there
-- are none. Reads the caller's #column. Lines are counted as in qt.name_bad_values.
alter procedure qt.name_duplicate_keys
  @run_id nvarchar(64),
  @keep   bit = 0
as
begin
  set nocount on;
  declare @message nvarchar(2000), @named nvarchar(max), @erased nvarchar(max), @sql nvarchar(max);
  declare @headers nvarchar(max), @texts nvarchar(max), @groups nvarchar(max), @firsts nvarchar(max), @cells nvarchar(max);
  declare @dataset_no int = (select l.dataset_no from qt.[load] l where l.run_id = @run_id);
  select @headers = string_agg(qt.visible_text(k.header), N', ') within group (order by k.place),
         @texts = string_agg(cast(N', ' + qt.text_sql(k.type, k.value_sql) + N' collate Latin1_General_BIN2 as ' + k.cell collate Latin1_General_BIN2 as nvarchar(max)), N'')
           within group (order by k.place),
         -- With a sentinel, because GROUP BY forgives trailing spaces.
         @groups = string_agg(cast(N'n.' + k.cell + N' + N''.''' as nvarchar(max)), N', ') within group (order by k.place),
         @firsts = string_agg(cast(N', min(left(n.' + k.cell + N', 400)) as ' + k.cell as nvarchar(max)), N'') within group (order by k.place),
         @cells = string_agg(cast(N'(' + cast(k.place as nvarchar(10)) + N', N''' + replace(k.header, N'''', N'''''') collate Latin1_General_BIN2
           + N''', f.' + k.cell + N')' as nvarchar(max)), N', ') within group (order by k.place)
  from (select c.place, c.header, c.type, c.value_sql, N'cell_' + cast(c.place as nvarchar(10)) as cell from #column c where c.is_key = 1) k;
  if @headers is null
    return;
  create table #twice (
    line bigint not null, last_line bigint not null, times bigint not null, place int not null, header nvarchar(128) collate Latin1_General_BIN2 not null,
    value nvarchar(400) collate Latin1_General_BIN2 null);
  exec qt.erased_sql @dataset_no, @erased output;
  set @sql = N'insert into #twice (line, last_line, times, place, header, value) select f.line, f.last_line, f.times, c.place, c.header, c.value from ('
    + N'select top (20) min(n.line) as line, max(n.line) as last_line, count_big(*) as times' + @firsts
    + N' from (select row_number() over (order by (select null)) + 1 as line, case when ' + @erased + N' then 1 else 0 end as __erased' + @texts
    + N' from staging.' + quotename(qt.staging_name(@run_id)) + N' s) n where n.__erased = 0 group by ' + @groups
    + N' having count_big(*) > 1 order by min(n.line)) f cross apply (values ' + @cells + N') c (place, header, value)';
  exec(@sql);
  if @keep = 1
    insert into qt.refused_value (run_id, dataset_no, line, header, kind, value)
    select @run_id, @dataset_no, t.line, t.header, N'more than once', isnull(t.value, N'') from #twice t order by t.line, t.place;
  else if exists (select * from #twice)
  begin
    select @named = string_agg(cast(cast(f.times as nvarchar(20)) + N' times in lines ' collate Latin1_General_BIN2 + cast(f.line as nvarchar(20))
      + case f.times when 2 then N' and ' else N' to ' end + cast(f.last_line as nvarchar(20)) as nvarchar(max)), N'; ') within group (order by f.line)
    from (select distinct top (5) t.line, t.last_line, t.times from #twice t order by t.line) f;
    set @message = N'The snapshot has the same key (' + left(@headers, 300) + N') more than once: ' + @named
      + N'. An auditor finds the keys in qt.refused_value for run ' + @run_id
      + N'. Correct it in Quantemplate, or configure the columns that identify a row.';
    exec qt.fail 54012, @message;
  end
end
