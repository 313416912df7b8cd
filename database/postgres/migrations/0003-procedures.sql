-- PostgreSQL replaces functions in place; only T-SQL needs stubs to alter.
select 1 as nothing where false;
