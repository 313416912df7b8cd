-- A dataset that landed unasked, never published and does not load now holds no table name: another dataset may have it.
alter procedure qt.release_unused
  @table      nvarchar(60),
  @dataset_id nvarchar(400)
as
begin
  set nocount on;
  declare @unused int = (
    select d.dataset_no from qt.dataset d
    where d.table_name = @table and d.dataset_id + N'.' <> @dataset_id + N'.' collate Latin1_General_BIN2 and d.origin = N'landed' and d.published_version = 0
      and not exists (select * from qt.[load] l where l.dataset_no = d.dataset_no and l.status = N'loading'));
  if @unused is not null
    exec qt.release_table @unused;
end
