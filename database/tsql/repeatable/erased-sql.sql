-- SQL that is true of a staged row `s` whose key was erased. Reads the caller's #column.
alter procedure qt.erased_sql
  @dataset_no int,
  @erased     nvarchar(max) output
as
begin
  set nocount on;
  declare @values nvarchar(max), @row_text nvarchar(max), @key_text nvarchar(max), @dataset_id nvarchar(200);
  select @dataset_id = d.dataset_id from qt.dataset d where d.dataset_no = @dataset_no;
  set @erased = N'1 = 0';
  if not exists (select * from qt.erased_key e where e.dataset_id = @dataset_id)
    return;
  create table #pair (
    name nvarchar(60) collate Latin1_General_BIN2 not null, type nvarchar(20) collate Latin1_General_BIN2 not null,
    expression nvarchar(140) collate Latin1_General_BIN2 not null, is_key bit not null);
  insert into #pair (name, type, expression, is_key) select c.name, c.type, N'v.' + quotename(c.name), 1 from #column c where c.is_key = 1;
  select @values = string_agg(cast(c.value_sql + N' as ' + quotename(c.name) collate Latin1_General_BIN2 as nvarchar(max)), N', ')
  from #column c where c.is_key = 1;
  if @values is null
    return;
  exec qt.row_text_sql 0, @row_text output, @key_text output;
  set @erased = N'exists (select * from (select ' + @values + N') v join qt.erased_key e on e.key_hash = cast(hashbytes(''SHA2_256'', ' + @key_text
    + N') as binary(32)) where e.dataset_id = N''' + replace(@dataset_id, N'''', N'''''') + N''')';
end
