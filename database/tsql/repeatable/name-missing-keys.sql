-- Raises the error about rows without a key. Reads the caller's #column.
alter procedure qt.name_missing_keys
  @dataset_no int,
  @missing    bigint,
  @total      bigint
as
begin
  set nocount on;
  declare @message nvarchar(2000), @headers nvarchar(max);
  select @headers = string_agg(qt.visible_text(c.header), N', ') within group (order by c.place) from #column c where c.is_key = 1;
  select @message = cast(@missing as nvarchar(20)) + N' of ' + cast(@total as nvarchar(20)) + N' rows in the snapshot of dataset ' + d.dataset_id
    + N' have no value in a key column (' + left(@headers, 300) + N'). Fill it in Quantemplate, or configure the columns that identify a row.'
  from qt.dataset d where d.dataset_no = @dataset_no;
  exec qt.fail 54013, @message;
end
