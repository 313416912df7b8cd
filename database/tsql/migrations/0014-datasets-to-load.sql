exec(N'create procedure qt.datasets_to_load as select 0 as stub');
