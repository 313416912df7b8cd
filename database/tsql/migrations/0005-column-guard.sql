-- How much of a dataset's columns one snapshot may change, and which columns the last one had.
alter table qt.dataset add max_column_change_percent decimal(5, 2) not null constraint dataset_column_change_default default 50;
alter table qt.dataset_column add last_version bigint not null constraint dataset_column_last_default default 0;
exec(N'create procedure qt.guard_columns as select 0 as stub');
exec(N'create function qt.visible_text (@text nvarchar(200)) returns nvarchar(max) as begin return null end');
