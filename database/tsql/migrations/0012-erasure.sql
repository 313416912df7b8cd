-- Keys that were erased, as SHA-256 of what identifies a row. By dataset and not by table, so that they also hold in a new table.
create table qt.erased_key (
  dataset_id nvarchar(200) collate Latin1_General_BIN2 not null,
  key_hash   binary(32) not null,
  erased_at  datetime2(6) not null constraint erased_key_at_default default sysutcdatetime(),
  constraint erased_key_key primary key (dataset_id, key_hash)
);
-- When a row was last erased, and with which version: the purge of a table that no longer loads goes by it.
alter table qt.dataset add erased_at datetime2(6) null;
alter table qt.dataset add erased_version bigint null;
alter table qt.dataset add retired_at datetime2(6) null;
exec(N'update qt.dataset set retired_at = sysutcdatetime() where status = N''retired''');
exec(N'create procedure qt.erased_sql as select 0 as stub');
exec(N'create procedure qt.find_key as select 0 as stub');
exec(N'create procedure qt.erase as select 0 as stub');
exec(N'create procedure qt.lift_erasure as select 0 as stub');
exec(N'create procedure qt.set_retention as select 0 as stub');
exec(N'create procedure qt.drop_retired as select 0 as stub');
