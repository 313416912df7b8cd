-- Keys that were erased, as SHA-256 of what identifies a row. By dataset and not by table, so that they also hold in a new table.
create table qt.erased_key (
  dataset_id text not null,
  key_hash   bytea not null,
  erased_at  timestamptz not null default clock_timestamp(),
  primary key (dataset_id, key_hash)
);
-- When a row was last erased, and with which version: the purge of a table that no longer loads goes by it.
alter table qt.dataset add erased_at timestamptz null;
alter table qt.dataset add erased_version bigint null;
alter table qt.dataset add retired_at timestamptz null;
update qt.dataset set retired_at = clock_timestamp() where status = 'retired';
