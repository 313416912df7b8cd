-- How much of a dataset's columns one snapshot may change, and which columns the last one had.
alter table qt.dataset add max_column_change_percent numeric(5, 2) not null default 50;
alter table qt.dataset_column add last_version bigint not null default 0;

-- What the tenant says of single headers: the column that one lands in, or NULL for one that does not land.
create table qt.dataset_header (
  dataset_no integer not null references qt.dataset,
  header text not null,
  name text,
  primary key (dataset_no, header)
);
