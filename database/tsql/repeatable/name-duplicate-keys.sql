-- Raises the error that names the first duplicate keys; returns when there are none. Reads the caller's #column.
alter procedure qt.name_duplicate_keys
  @staging nvarchar(70)
as
begin
  set nocount on;
  declare @named nvarchar(max);
  declare @message nvarchar(2000);
  declare @headers nvarchar(max), @texts nvarchar(max), @names nvarchar(max), @shown nvarchar(max);
  select @headers = string_agg(qt.visible_text(c.header), N', ') within group (order by c.place),
         @texts = string_agg(cast(qt.text_sql(c.type, c.value_sql) + N' collate Latin1_General_BIN2 as ' + quotename(c.name) collate Latin1_General_BIN2 as nvarchar(max)), N', ')
           within group (order by c.place),
         @names = string_agg(cast(N'v.' + quotename(c.name) as nvarchar(max)), N', ') within group (order by c.place),
         @shown = string_agg(cast(N'isnull(v.' + quotename(c.name) + N', N'''')' as nvarchar(max)), N' + N'', '' + ') within group (order by c.place)
  from #column c where c.is_key = 1;
  if @headers is null
    return;
  -- With a sentinel, because GROUP BY forgives trailing spaces.
  declare @sql nvarchar(max) = N'select @named = string_agg(cast(N''('' + f.shown + N'') '' + cast(f.times as nvarchar(20)) + N'' times'' as nvarchar(max)), N'', '')'
    + N' within group (order by f.shown) from (select top (5) min(left(' + @shown + N', 200)) as shown, count(*) as times from staging.'
    + quotename(@staging) + N' s cross apply (select ' + @texts + N') v group by '
    + replace(@names, N', ', N' + N''.'', ') + N' + N''.'' having count(*) > 1 order by min(left(' + @shown + N', 200))) f';
  exec sp_executesql @sql, N'@named nvarchar(max) output', @named = @named output;
  if @named is not null
  begin
    set @message = N'The snapshot has the same key (' + left(@headers, 300) + N') more than once: ' + left(@named, 1200)
      + N'. Correct it in Quantemplate, or configure the columns that identify a row.';
    exec qt.fail 54012, @message;
  end
end
