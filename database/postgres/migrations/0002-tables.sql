create table qt.setting (
  name  text not null primary key,
  value text not null
);

-- One row per landed table. An id whose table name changes gets a second row; the first is retired.
create table qt.dataset (
  dataset_no              integer generated always as identity primary key,
  dataset_id              text not null,
  table_name              text not null unique,
  origin                  text not null check (origin in ('configured', 'landed')),
  status                  text not null default 'active' check (status in ('active', 'retired')),
  key_columns             text not null,
  max_shrink_percent      numeric(5, 2) not null default 50,
  allow_empty             boolean not null default false,
  epoch                   text not null,
  published_version       bigint not null default 0,
  published_snapshot_time timestamptz null,
  purged_through          bigint not null default 0,
  purge_version           bigint not null default 0,
  live_rows               bigint not null default 0
);
create unique index dataset_active on qt.dataset (dataset_id) where status = 'active';

-- What the tenant declares, by physical column name; a column that is not here is text.
create table qt.dataset_type (
  dataset_no integer not null references qt.dataset,
  name       text not null,
  type       text not null,
  on_error   text not null check (on_error in ('fail', 'null')),
  primary key (dataset_no, name)
);

-- What has landed: the header's spelling and the column of data.<table> it fills.
create table qt.dataset_column (
  dataset_no integer not null references qt.dataset,
  ordinal    integer not null,
  header     text not null,
  name       text not null,
  type       text not null,
  on_error   text not null,
  primary key (dataset_no, ordinal),
  unique (dataset_no, name)
);

create table qt.load (
  run_id        text not null primary key,
  dataset_no    integer not null references qt.dataset,
  snapshot_time timestamptz not null,
  status        text not null check (status in ('loading', 'published', 'superseded', 'failed', 'abandoned')),
  ended_at      timestamptz null,
  version       bigint null,
  rows_staged   bigint not null default 0,
  inserted      bigint not null default 0,
  updated       bigint not null default 0,
  deleted       bigint not null default 0,
  error         text null
);
create index load_dataset on qt.load (dataset_no, ended_at) include (status, version);
create index load_open on qt.load (snapshot_time) where status = 'loading';
