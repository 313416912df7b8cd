-- The version of Quantemplate's that a run asked for; NULL for the latest.
alter table qt.[load] add source_version int null;
-- Whether it may be older than what is published.
alter table qt.[load] add allow_older bit not null constraint load_older_default default 0;
exec(N'create procedure qt.release_table as select 0 as stub');
exec(N'create procedure qt.release_dataset as select 0 as stub');
exec(N'create procedure qt.release_unused as select 0 as stub');
