-- Refuses what cannot be a run id before it becomes part of a table's name.
alter procedure qt.check_run
  @run_id nvarchar(64)
as
begin
  set nocount on;
  declare @message nvarchar(2000);
  if @run_id is null or len(@run_id) > 50 or len(replace(@run_id, N'-', N'')) = 0
     or replace(@run_id, N'-', N'') collate Latin1_General_BIN2 like N'%[^0-9A-Za-z]%'
  begin
    set @message = N'"' + isnull(left(@run_id, 60), N'<NULL>') + N'" is not a run id. Pass the pipeline''s run id: letters, digits and dashes, at most 50.';
    exec qt.fail 54005, @message;
  end
end
