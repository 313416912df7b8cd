-- The version of Quantemplate's that a run asked for; NULL for the latest.
alter table qt.[load] add source_version int null;
exec(N'create procedure qt.release_table as select 0 as stub');
exec(N'create procedure qt.release_dataset as select 0 as stub');
exec(N'create procedure qt.release_unused as select 0 as stub');
