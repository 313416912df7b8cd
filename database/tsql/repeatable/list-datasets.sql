-- An id that moved to another table is listed once, with the table it uses.
alter procedure qt.list_datasets
with execute as owner
as
begin
  set nocount on;
  exec qt.renew_epochs_after_restore;
  select d.dataset_id, d.table_name, d.status, d.epoch, d.published_version, d.purged_through, d.key_columns,
    qt.columns_json(d.dataset_no) as columns
  from qt.dataset d
  where d.status = N'active'
     or not exists (select * from qt.dataset o where o.dataset_id = d.dataset_id and (o.status = N'active' or o.dataset_no > d.dataset_no))
  order by d.dataset_id;
end
