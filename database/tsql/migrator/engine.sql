-- The engine behind the connection: 'babelfish', or NULL where no line of a file has to differ.
select case when serverproperty(N'BabelfishVersion') is null then null else N'babelfish' end as engine;
