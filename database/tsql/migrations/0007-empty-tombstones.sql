-- Deleted rows keep their key only, as qt.publish now leaves them. The feed sends nothing of it: a deletion is its key.
declare @sql nvarchar(max);
declare table_cursor cursor local static for
  select cast(N'update data.' + quotename(d.table_name) + N' set ' + c.emptied + N' where _deleted = 1' as nvarchar(max))
  from qt.dataset d cross apply (
    select string_agg(cast(quotename(k.name) + N' = null' as nvarchar(max)), N', ') as emptied from qt.dataset_column k
    where k.dataset_no = d.dataset_no and not exists (select * from openjson(d.key_columns) j where j.value = k.name collate Latin1_General_BIN2)) c
  where c.emptied is not null;
open table_cursor;
fetch next from table_cursor into @sql;
while @@fetch_status = 0
begin
  exec(@sql);
  fetch next from table_cursor into @sql;
end
close table_cursor;
deallocate table_cursor;
