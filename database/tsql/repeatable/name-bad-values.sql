-- Raises the error that names the first cells which do not convert. Reads the caller's #column. A line is a record, the header being
-- the first, counted in the order the rows are read: the file's for a table that one bulk load filled, but no engine promises it.
alter procedure qt.name_bad_values
  @staging nvarchar(70)
as
begin
  set nocount on;
  declare @named nvarchar(max);
  declare @message nvarchar(2000);
  declare @cells nvarchar(max) = (
    select string_agg(cast(N'(' + cast(c.place as nvarchar(10)) + N', N''' + replace(c.header, N'''', N'''''') collate Latin1_General_BIN2 + N''', N''' + c.type + N''', ' + c.staged
      + N', case when ltrim(rtrim(' + c.staged + N')) <> N'''' and (' + c.value_sql + N') is null then 1 else 0 end)' as nvarchar(max)), N', ')
    from #column c where c.type <> N'text' and c.on_error = N'fail');
  declare @sql nvarchar(max) = N'select @named = string_agg(cast(N''line '' + cast(f.line as nvarchar(20)) + N'', column "'' + left(f.header, 100) + N''": "'''
    + N' + left(f.value, 100) + N''" is not '' + f.type as nvarchar(max)), N''; '') within group (order by f.line, f.place)'
    + N' from (select top (5) s.__line as line, c.place, c.header, c.type, c.value'
    + N' from (select row_number() over (order by (select null)) + 1 as __line, * from staging.' + quotename(@staging) + N') s'
    + N' cross apply (values ' + @cells + N') c (place, header, type, value, bad) where c.bad = 1 order by s.__line, c.place) f';
  exec sp_executesql @sql, N'@named nvarchar(max) output', @named = @named output;
  set @message = N'The snapshot has values that do not convert: ' + left(@named, 1500) + N'. Correct them in Quantemplate, or declare onError null.';
  exec qt.fail 54015, @message;
end
