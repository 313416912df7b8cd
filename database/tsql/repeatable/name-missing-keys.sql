-- Raises the error about rows without a key. Reads the caller's #column. Lines are counted as in qt.name_bad_values.
alter procedure qt.name_missing_keys
  @run_id  nvarchar(64),
  @missing bigint,
  @total   bigint
as
begin
  set nocount on;
  declare @message nvarchar(2000), @headers nvarchar(max), @nulls nvarchar(max), @lines nvarchar(max), @sql nvarchar(max);
  select @headers = string_agg(qt.visible_text(c.header), N', ') within group (order by c.place),
         @nulls = string_agg(cast(N'(' + c.value_sql + N') is null' as nvarchar(max)), N' or ') within group (order by c.place)
  from #column c where c.is_key = 1;
  set @sql = N'select @lines = string_agg(cast(f.line as nvarchar(20)), N'', '') within group (order by f.line) from (select top (5) n.line from ('
    + N'select row_number() over (order by (select null)) + 1 as line, case when ' + @nulls + N' then 1 else 0 end as missing from staging.'
    + quotename(qt.staging_name(@run_id)) + N' s) n where n.missing = 1 order by n.line) f';
  exec sp_executesql @sql, N'@lines nvarchar(max) output', @lines = @lines output;
  select @message = cast(@missing as nvarchar(20)) + N' of ' + cast(@total as nvarchar(20)) + N' rows in the snapshot of dataset ' + d.dataset_id
    + N' have no value in a key column (' + left(@headers, 300) + N'), the first in line ' + @lines
    + N'. Fill it in Quantemplate, or configure the columns that identify a row.'
  from qt.[load] l join qt.dataset d on d.dataset_no = l.dataset_no where l.run_id = @run_id;
  exec qt.fail 54013, @message;
end
