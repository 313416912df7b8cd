-- The active datasets, in two columns: a lookup of Data Factory reads at most 5,000 rows and 4 MB.
alter procedure qt.datasets_to_load
with execute as owner
as
begin
  set nocount on;
  select d.dataset_id, d.table_name
  from qt.dataset d
  where d.status = N'active'
  order by d.dataset_id;
end
