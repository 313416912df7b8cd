-- How the texts of a column are written, if not in the plain form: a format of days and times as declared, or 1,234.5% with the declared signs.
alter table qt.dataset_type add format nvarchar(40) collate Latin1_General_BIN2 null;
alter table qt.dataset_column add format nvarchar(40) collate Latin1_General_BIN2 null;
-- By column, how many filled cells of the snapshot became NULL, as JSON; NULL if none did.
alter table qt.[load] add emptied nvarchar(max) collate Latin1_General_BIN2 null;
exec(N'create function qt.format_tokens (@type nvarchar(20), @format nvarchar(100)) returns nvarchar(200) as begin return null end');
exec(N'create function qt.number_format (@type nvarchar(20), @thousands nvarchar(10), @decimal nvarchar(10), @percent bit) returns nvarchar(40) as begin return null end');
exec(N'create function qt.formatted_value_sql (@type nvarchar(20), @format nvarchar(40), @expression nvarchar(max)) returns nvarchar(max) as begin return null end');
exec(N'create procedure qt.count_emptied as select 0 as stub');
exec(N'create procedure qt.load_result as select 0 as stub');
