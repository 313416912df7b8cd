exec(N'create procedure qt.guard_row_size as select 0 as stub');
