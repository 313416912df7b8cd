-- What a run's load did: a row for QT_fetch_data's output, from which an alert and the console read it. No row for an unknown run.
alter procedure qt.load_result
  @run_id nvarchar(64)
with execute as owner
as
begin
  set nocount on;
  select d.dataset_id, d.table_name, l.status, l.version, l.rows_staged, l.inserted, l.updated, l.deleted, l.emptied
  from qt.[load] l join qt.dataset d on d.dataset_no = l.dataset_no
  where l.run_id = @run_id;
end
