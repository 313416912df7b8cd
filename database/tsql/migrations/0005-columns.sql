-- How much of a dataset's columns one snapshot may change, and which columns the last one had.
alter table qt.dataset add max_column_change_percent decimal(5, 2) not null constraint dataset_column_change_default default 50;
alter table qt.dataset_column add last_version bigint not null constraint dataset_column_last_default default 0;
exec(N'create procedure qt.guard_columns as select 0 as stub');
exec(N'create function qt.visible_text (@text nvarchar(200)) returns nvarchar(max) as begin return null end');

-- What the tenant says of single headers: the column that one lands in, or NULL for one that does not land.
create table qt.dataset_header (
  dataset_no int not null constraint dataset_header_dataset references qt.dataset (dataset_no),
  header     nvarchar(200) collate Latin1_General_BIN2 not null,
  name       nvarchar(60) collate Latin1_General_BIN2 null,
  constraint dataset_header_key primary key (dataset_no, header)
);
exec(N'create function qt.bare_header (@header nvarchar(200)) returns nvarchar(200) as begin return null end');
