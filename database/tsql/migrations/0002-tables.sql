create table qt.setting (
  name  nvarchar(100) collate Latin1_General_BIN2 not null primary key,
  value nvarchar(400) not null
);

-- One row per landed table. An id whose table name changes gets a second row; the first is retired.
create table qt.dataset (
  dataset_no              int identity(1, 1) not null primary key,
  dataset_id              nvarchar(200) collate Latin1_General_BIN2 not null,
  table_name              nvarchar(60) collate Latin1_General_BIN2 not null unique,
  origin                  nvarchar(10) not null check (origin in (N'configured', N'landed')),
  status                  nvarchar(10) not null default N'active' check (status in (N'active', N'retired')),
  key_columns             nvarchar(max) not null,
  max_shrink_percent      decimal(5, 2) not null default 50,
  allow_empty             bit not null default 0,
  epoch                   nvarchar(36) collate Latin1_General_BIN2 not null,
  published_version       bigint not null default 0,
  published_snapshot_time datetime2(6) null,
  purged_through          bigint not null default 0,
  purge_version           bigint not null default 0,
  live_rows               bigint not null default 0
);
create unique index dataset_active on qt.dataset (dataset_id) where status = N'active';

-- What the tenant declares, by physical column name; a column that is not here is text.
create table qt.dataset_type (
  dataset_no int not null references qt.dataset (dataset_no),
  name       nvarchar(60) collate Latin1_General_BIN2 not null,
  type       nvarchar(20) not null,
  on_error   nvarchar(4) not null check (on_error in (N'fail', N'null')),
  primary key (dataset_no, name)
);

-- What has landed: the header's spelling and the column of data.<table> it fills.
create table qt.dataset_column (
  dataset_no int not null references qt.dataset (dataset_no),
  ordinal    int not null,
  header     nvarchar(400) collate Latin1_General_BIN2 not null,
  name       nvarchar(60) collate Latin1_General_BIN2 not null,
  type       nvarchar(20) not null,
  on_error   nvarchar(4) not null,
  primary key (dataset_no, ordinal),
  unique (dataset_no, name)
);

create table qt.[load] (
  run_id        nvarchar(64) collate Latin1_General_BIN2 not null primary key,
  dataset_no    int not null references qt.dataset (dataset_no),
  snapshot_time datetime2(6) not null,
  status        nvarchar(10) not null check (status in (N'loading', N'published', N'superseded', N'failed', N'abandoned')),
  ended_at      datetime2(6) null,
  version       bigint null,
  rows_staged   bigint not null default 0,
  inserted      bigint not null default 0,
  updated       bigint not null default 0,
  deleted       bigint not null default 0,
  error         nvarchar(4000) null
);
create index load_dataset on qt.[load] (dataset_no, ended_at) include (status, version);
create index load_open on qt.[load] (snapshot_time) where status = N'loading';
