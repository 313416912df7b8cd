-- Only T-SQL needs a stub to alter.
select 1 as nothing where false;
