-- Every text is compared by its code points (BIN2), whatever the database's collation: most functions refuse a concatenation of columns of
-- two collations, and a tenant's own server may have any. Constraints have names, so that a later file can change them.
create table qt.setting (
  name  nvarchar(100) collate Latin1_General_BIN2 not null constraint setting_key primary key,
  value nvarchar(400) collate Latin1_General_BIN2 not null
);

-- One row per landed table. An id whose table name changes gets a second row; the first is retired.
create table qt.dataset (
  dataset_no              int identity(1, 1) not null constraint dataset_key primary key,
  dataset_id              nvarchar(200) collate Latin1_General_BIN2 not null,
  table_name              nvarchar(60) collate Latin1_General_BIN2 not null constraint dataset_table unique,
  origin                  nvarchar(10) collate Latin1_General_BIN2 not null constraint dataset_origin check (origin in (N'configured', N'landed')),
  status                  nvarchar(10) collate Latin1_General_BIN2 not null
    constraint dataset_status_default default N'active' constraint dataset_status check (status in (N'active', N'retired')),
  key_columns             nvarchar(max) collate Latin1_General_BIN2 not null,
  max_shrink_percent      decimal(5, 2) not null constraint dataset_shrink_default default 50,
  allow_empty             bit not null constraint dataset_empty_default default 0,
  epoch                   nvarchar(36) collate Latin1_General_BIN2 not null,
  published_version       bigint not null constraint dataset_version_default default 0,
  published_snapshot_time datetime2(6) null,
  purged_through          bigint not null constraint dataset_purged_default default 0,
  purge_version           bigint not null constraint dataset_purge_default default 0,
  live_rows               bigint not null constraint dataset_live_default default 0
);
create unique index dataset_active on qt.dataset (dataset_id) where status = N'active';

-- What the tenant declares, by physical column name; a column that is not here is text.
create table qt.dataset_type (
  dataset_no int not null constraint dataset_type_dataset references qt.dataset (dataset_no),
  name       nvarchar(60) collate Latin1_General_BIN2 not null,
  type       nvarchar(20) collate Latin1_General_BIN2 not null,
  on_error   nvarchar(4) collate Latin1_General_BIN2 not null constraint dataset_type_on_error check (on_error in (N'fail', N'null')),
  constraint dataset_type_key primary key (dataset_no, name)
);

-- What has landed: the header's spelling and the column of data.<table> it fills.
create table qt.dataset_column (
  dataset_no int not null constraint dataset_column_dataset references qt.dataset (dataset_no),
  ordinal    int not null,
  header     nvarchar(128) collate Latin1_General_BIN2 not null,
  name       nvarchar(60) collate Latin1_General_BIN2 not null,
  type       nvarchar(20) collate Latin1_General_BIN2 not null,
  on_error   nvarchar(4) collate Latin1_General_BIN2 not null,
  constraint dataset_column_key primary key (dataset_no, ordinal),
  constraint dataset_column_name unique (dataset_no, name)
);

create table qt.[load] (
  run_id        nvarchar(64) collate Latin1_General_BIN2 not null constraint load_key primary key,
  dataset_no    int not null constraint load_dataset_no references qt.dataset (dataset_no),
  snapshot_time datetime2(6) not null,
  status        nvarchar(10) collate Latin1_General_BIN2 not null
    constraint load_status check (status in (N'loading', N'published', N'superseded', N'failed', N'abandoned')),
  ended_at      datetime2(6) null,
  version       bigint null,
  rows_staged   bigint not null constraint load_staged_default default 0,
  inserted      bigint not null constraint load_inserted_default default 0,
  updated       bigint not null constraint load_updated_default default 0,
  deleted       bigint not null constraint load_deleted_default default 0,
  error         nvarchar(4000) collate Latin1_General_BIN2 null
);
create index load_dataset on qt.[load] (dataset_no, ended_at) include (status, version);
create index load_open on qt.[load] (snapshot_time) where status = N'loading';
