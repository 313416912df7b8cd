-- The engine behind the connection: 'babelfish', or NULL where no line of a file has to differ.
select null::text as engine;
