-- The landed columns of a dataset as JSON, in order.
alter function qt.columns_json (@dataset_no int)
returns nvarchar(max)
as
begin
  declare @columns nvarchar(max);
  select @columns = string_agg(cast(N'{"name":"' + c.name collate Latin1_General_BIN2 + N'","type":"' + c.type + N'"}' as nvarchar(max)), N',') within group (order by c.ordinal)
  from qt.dataset_column c where c.dataset_no = @dataset_no;
  return N'[' + isnull(@columns, N'') + N']';
end
