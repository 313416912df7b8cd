-- SQL that gives the one text form of a typed value: what the feed sends and what the hashes cover.
alter function qt.text_sql (@type nvarchar(20), @expression nvarchar(max))
returns nvarchar(max)
with schemabinding
as
begin
  if @type = N'text' return @expression;
  if @type = N'float' return N'qt.float_text(' + @expression + N')';
  if @type = N'bit' return N'case (' + @expression + N') when 1 then N''true'' when 0 then N''false'' end';
  if @type = N'date' return N'convert(nvarchar(10), ' + @expression + N', 23)';
  if @type = N'datetime2'
  begin
    declare @x nvarchar(max) = N'replace(convert(nvarchar(30), ' + @expression + N', 121), N'' '', N''T'')';
    -- Babelfish leaves zero milliseconds away, SQL Server does not.
    return N'left(' + @x + N' + case when charindex(N''.'', ' + @x + N') = 0 then N''.'' else N'''' end + N''000'', 23)';
  end
  return N'convert(nvarchar(50), ' + @expression + N')';
end
