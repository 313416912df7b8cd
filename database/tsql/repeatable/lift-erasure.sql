-- Lets the row of an erased key land again, with the next snapshot that has it. An administrator calls it.
alter procedure qt.lift_erasure
  @dataset_id nvarchar(4000),
  @key        nvarchar(max)
with execute as owner
as
begin
  set nocount on;
  set xact_abort on;
  create table #table (dataset_no int not null, key_hash binary(32) not null);
  exec qt.find_key @dataset_id, @key;
  delete e from qt.erased_key e where e.dataset_id = @dataset_id and e.key_hash = (select top (1) t.key_hash from #table t);
  select cast(@@rowcount as bigint) as lifted;
end
